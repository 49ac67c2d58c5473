package io.cloacina.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaCommandTest {
    private static final Settings LEAST = new Settings(1, 2, 1, 50, 1, 1);

    @Test
    void arguments_that_are_not_understood_end_with_2() {
        assertThat(Main.execute()).isEqualTo(2);
        assertThat(Main.execute("nothing")).isEqualTo(2);
        assertThat(Main.execute("schema", "--nothing")).isEqualTo(2);
        assertThat(Main.execute("schema", "--database", "sqlite:some.db")).isEqualTo(2);
        assertThat(Main.execute("schema", "--database", "nowhere")).isEqualTo(2);
        assertThat(Main.execute("schema", "--json", "no/such/folder/result.json"))
                .isEqualTo(2);
        assertThat(Main.execute("schema", "--help")).isZero();
        assertThat(Main.execute("peers", "--only", "nothing")).isEqualTo(2);
        assertThat(Main.execute("peers", "--database", "nowhere")).isEqualTo(2);
        assertThat(Main.execute("engine", "--database", "sqlite::memory:")).isEqualTo(2);
        assertThat(Main.execute("cron", "--json", "no/such/folder/result.json")).isEqualTo(2);
    }

    @Test
    void every_figure_is_printed_beside_its_target_and_written_for_machines(@TempDir Path folder)
            throws IOException, SQLException, InterruptedException {
        StringWriter printed = new StringWriter();
        Report report = new Report(new PrintWriter(printed));

        String backends = SchemaCommand.measure(LEAST, report, null, null);
        Path file = folder.resolve("result.json");
        new ResultFile("./benchmark schema", null, "JDK", backends, LEAST.asMap(), report.figures())
                .write(file.toFile());

        JsonNode written = new ObjectMapper().readTree(file.toFile());
        assertThat(written.path("results").findValuesAsText("name"))
                .hasSize(3 * Operation.values().length * 2 + 5)
                .contains(
                        "sqlite-memory.insert",
                        "sqlite-memory.insert.bytes",
                        "sqlite-file-full.update",
                        "sqlite-file-normal.batch",
                        "sqlite-file-full.first-use",
                        "sqlite-file-full.migrate-nothing.cold");
        assertThat(written.path("results").path(0).path("value").asDouble()).isPositive();
        assertThat(printed.toString()).contains("ratio target <= 1.10: ").contains("target <= 5 ms: ");
        assertThat(printed.toString().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }
}
