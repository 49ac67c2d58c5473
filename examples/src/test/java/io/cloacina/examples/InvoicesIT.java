package io.cloacina.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
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
    void it_runs_from_the_registry(@TempDir Path folder) throws Exception {
        String url = "sqlite:" + folder.resolve("example.db");

        assertThat(Printed.by(Invoices::main, url, JAR))
                .containsExactly(
                        "invoices 1.0.0 has [com.example.invoices.Invoicing]",
                        "Ada pays 117.81, of which 18.81 is tax");
        try (Engine client = Engine.builder(url).client().start()) {
            assertThat(client.list(ExecutionQuery.all())).hasSize(1);
        }
    }
}
