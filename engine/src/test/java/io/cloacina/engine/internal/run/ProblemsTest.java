package io.cloacina.engine.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.internal.store.StatusStore;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Status;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProblemsTest {
    private static final Instant AT = Instant.parse("2026-03-01T03:00:00Z");
    private static final Count NONE = new Count(0, false);

    private static List<Problem> problems(@Nullable Duration oldestTransaction) {
        Status status = new Status(
                AT,
                List.of(),
                NONE,
                null,
                new Status.Waiting(NONE, NONE, NONE, NONE),
                NONE,
                NONE,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                false,
                List.of(),
                new Status.DatabaseState(Backend.POSTGRES, 1, 0L, oldestTransaction),
                List.of());
        return Problems.addedTo(status, null, Map.of(), List.of(), Set.of()).problems();
    }

    @Test
    void a_transaction_that_is_open_for_more_than_an_hour_is_told_with_the_sql_that_ends_it() {
        assertThat(problems(null)).isEmpty();
        assertThat(problems(Duration.ofHours(1))).isEmpty();
        assertThat(problems(Duration.ofMinutes(61))).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Problem.Code.TRANSACTION_OLD);
            assertThat(problem.sentence()).contains("a transaction has been open for 61 minutes");
            assertThat(problem.advice()).contains("SELECT pg_terminate_backend(PID)");
        });
        assertThat(problems(Duration.ofHours(3)).get(0).sentence()).contains("open for 3 hours");
    }

    @DatabaseTest
    void the_age_of_an_open_transaction_is_that_of_the_oldest_of_this_database(TestDatabase test) throws SQLException {
        Database database = test.migrated(StatusStore.STATEMENTS);
        try (Connection open = test.jdbc();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.executeQuery("SELECT count(*) FROM runners").close();
            if (test.backend() == Backend.SQLITE) {
                assertThat(oldest(database)).isEqualTo(-1);
                return;
            }
            // It grows as long as the transaction is open.
            long before = oldest(database);
            while (oldest(database) < before + 20) {
                LockSupport.parkNanos(2_000_000);
            }
            long last = oldest(database);
            open.rollback();
            assertThat(oldest(database)).isLessThan(last);
        }
    }

    private static long oldest(Database database) {
        return database.list(StatusStore.FACTS).get(0).oldestTransactionMillis();
    }
}
