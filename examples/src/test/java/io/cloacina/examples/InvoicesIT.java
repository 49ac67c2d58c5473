package io.cloacina.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The package that is built beside this, as it came out of the build. */
@Timeout(60)
class InvoicesIT {
    private static final String JAR = Objects.requireNonNull(System.getProperty("cloacina.example.package"));

    @Test
    void it_runs_from_the_registry(@TempDir Path folder) {
        String url = "sqlite:" + folder.resolve("example.db");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            Invoices.main(new String[] {url, JAR});
        } finally {
            System.setOut(before);
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "invoices 1.0.0 has [com.example.invoices.Invoicing]",
                        "Ada pays 117.81, of which 18.81 is tax");
        try (Engine client = Engine.builder(url).client()) {
            assertThat(client.list(ExecutionQuery.all())).hasSize(1);
        }
    }
}
