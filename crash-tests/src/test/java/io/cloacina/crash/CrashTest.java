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

/** The short form of {@code ./crash-test}: what it finds is a fault, whenever it finds it. */
class CrashTest {
    @BeforeAll
    static void prepare() throws IOException, InterruptedException {
        QuickStart.prepare();
    }

    @Test
    void killed_processes_break_no_promise_on_sqlite() throws IOException, SQLException, InterruptedException {
        requireNoViolation(null, null);
    }

    @Test
    void killed_processes_break_no_promise_on_postgres() throws IOException, SQLException, InterruptedException {
        try (TestDatabase database = TestDatabase.create(Backend.POSTGRES)) {
            requireNoViolation((DatabaseUrl.Postgres) DatabaseUrl.parse(database.url()), database.url());
        }
    }

    private static void requireNoViolation(DatabaseUrl.@Nullable Postgres postgres, @Nullable String url)
            throws IOException, SQLException, InterruptedException {
        CrashSettings few = new CrashSettings(
                2,
                Duration.ofSeconds(8),
                new Random().nextInt(1_000_000),
                null,
                20,
                2_000,
                1_500,
                false,
                Duration.ofSeconds(90));
        StringWriter printed = new StringWriter();
        Outcome outcome = CrashCommand.run(few, postgres, url, new PrintWriter(printed));
        assertThat(outcome.violations()).as(printed.toString()).isEmpty();
        assertThat(outcome.harm().processes()).isGreaterThan(2);
        assertThat(outcome.executions()).isPositive();
    }
}
