package io.cloacina.benchmarks.cron;

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
import org.junit.jupiter.api.Test;

/** The short form of {@code ./benchmark cron}: what it finds is a fault, whenever it finds it. */
class CronBenchmarkTest {
    @Test
    void killed_processes_fire_each_occurrence_once_on_sqlite() throws IOException, SQLException, InterruptedException {
        requireNoViolation(null, null);
    }

    @Test
    void killed_processes_fire_each_occurrence_once_on_postgres()
            throws IOException, SQLException, InterruptedException {
        try (TestDatabase database = TestDatabase.create(Backend.POSTGRES)) {
            requireNoViolation(DatabaseUrl.parse(database.url()), database.url());
        }
    }

    private static void requireNoViolation(@Nullable DatabaseUrl url, @Nullable String given)
            throws IOException, SQLException, InterruptedException {
        CronRun.Settings few = new CronRun.Settings(
                300,
                2,
                Duration.ofSeconds(6),
                new Random().nextInt(1_000_000),
                1_500,
                Duration.ofSeconds(3),
                Duration.ZERO,
                Duration.ZERO);
        StringWriter printed = new StringWriter();
        CronOutcome outcome = CronCommand.run(few, url, given, new PrintWriter(printed));
        assertThat(outcome.violations()).as(printed.toString()).isEmpty();
        assertThat(outcome.occurrences()).as(printed.toString()).isPositive();
    }
}
