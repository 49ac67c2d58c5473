package io.cloacina.benchmarks.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

@Timeout(120)
class BulkCommandTest {
    @Test
    void it_cancels_exactly_those_with_the_label() {
        StringWriter out = new StringWriter();
        int code = new CommandLine(new BulkCommand())
                .setOut(new PrintWriter(out))
                .execute("--executions", "2000", "--cancel", "300");
        assertThat(code).as(out.toString()).isZero();
        assertThat(out.toString()).contains("violations 0: target 0: met");
    }
}
