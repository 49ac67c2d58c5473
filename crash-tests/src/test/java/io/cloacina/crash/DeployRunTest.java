package io.cloacina.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The short form of {@code ./crash-test deploy}. */
class DeployRunTest {
    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        QuickStart.prepare();
    }

    @Test
    void five_deployments_strand_no_execution_on_sqlite() throws IOException, SQLException, InterruptedException {
        requireNoViolation(null, null);
    }

    @Test
    void five_deployments_strand_no_execution_on_postgres() throws IOException, SQLException, InterruptedException {
        try (TestDatabase database = TestDatabase.create(Backend.POSTGRES)) {
            requireNoViolation(DatabaseUrl.parse(database.url()), database.url());
        }
    }

    private static void requireNoViolation(@Nullable DatabaseUrl url, @Nullable String given)
            throws IOException, SQLException, InterruptedException {
        DeployRun.Settings few = new DeployRun.Settings(
                60, Duration.ofSeconds(12), new Random().nextInt(1_000_000), Duration.ofSeconds(90));
        StringWriter printed = new StringWriter();
        DeployRun.Outcome outcome = DeployCommand.run(few, url, given, new PrintWriter(printed));
        assertThat(outcome.violations()).as(printed.toString()).isEmpty();
        assertThat(outcome.executions()).isEqualTo(60);
        assertThat(outcome.processes()).isGreaterThanOrEqualTo(2 * DeployedVersions.LAST);
    }
}
