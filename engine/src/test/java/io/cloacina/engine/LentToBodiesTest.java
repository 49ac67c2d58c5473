package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the bodies of transactional tasks do to the connection that they get harms nobody else, and is never hidden. */
@Timeout(120)
class LentToBodiesTest {
    private static final RetryPolicy THREE_TIMES = RetryPolicy.fixed(3, Duration.ZERO);

    private static WorkflowDefinition transactional(String name, TaskBody body) {
        return WorkflowDefinition.named(name)
                .version("1")
                .task("t", body, task -> task.transactional().retry(THREE_TIMES))
                .build();
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** By name: the engine itself knows no driver. */
    private static Connection ofDriver(Connection lent) throws Exception {
        String name = lent.getMetaData().getDatabaseProductName().equals("SQLite")
                ? "org.sqlite.SQLiteConnection"
                : "org.postgresql.PGConnection";
        return (Connection) lent.unwrap(Class.forName(name));
    }

    @DatabaseTest
    void a_body_that_ends_its_transaction_by_a_statement_fails_and_nothing_stays(TestDatabase test) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition commits = transactional("commits", context -> {
            runs.incrementAndGet();
            TransactionalTest.write(context);
            run(context.connection(), "COMMIT");
        });
        WorkflowDefinition rollsBack = transactional("rolls-back", context -> {
            TransactionalTest.write(context);
            run(context.connection(), "/* all of it */ ROLLBACK");
        });
        try (Engine engine = TransactionalTest.start(test, commits, rollsBack)) {
            for (String name : List.of("commits", "rolls-back")) {
                UUID id = engine.submit(name, Map.of());
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(engine.tasks(id).get(0).error()).contains("DATABASE_STATEMENT", "use a savepoint");
            }
            assertThat(runs).hasValue(3);
            assertThat(TransactionalTest.payments(test)).isZero();
        }
    }

    @DatabaseTest
    void a_body_that_ends_its_transaction_beneath_fails_for_good_whether_it_returns_or_throws(TestDatabase test) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition returns = transactional("returns", context -> {
            runs.incrementAndGet();
            TransactionalTest.write(context);
            run(ofDriver(context.connection()), "ROLLBACK");
        });
        WorkflowDefinition throwing = transactional("throws", context -> {
            runs.incrementAndGet();
            TransactionalTest.write(context);
            run(ofDriver(context.connection()), "COMMIT");
            throw new IllegalStateException("after it was committed");
        });
        WorkflowDefinition good = transactional("good", TransactionalTest::write);
        try (Engine engine = TransactionalTest.start(test, returns, throwing, good)) {
            UUID returned = engine.submit("returns", Map.of());
            assertThat(engine.await(returned).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(returned).get(0).error()).contains("DATABASE_TRANSACTION_ENDED");
            assertThat(TransactionalTest.payments(test)).isZero();

            UUID threw = engine.submit("throws", Map.of());
            assertThat(engine.await(threw).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(threw).get(0).error())
                    .contains("DATABASE_TRANSACTION_ENDED", "after it was committed");
            // What was committed cannot be undone, but is not done twice.
            assertThat(TransactionalTest.payments(test)).isEqualTo(1);
            assertThat(runs).hasValue(2);

            assertThat(engine.await(engine.submit("good", Map.of())).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(TransactionalTest.payments(test)).isEqualTo(2);
        }
    }

    private static List<String> poisons(Backend backend) {
        return backend == Backend.SQLITE
                ? List.of(
                        "CREATE TEMP TABLE runners (id INTEGER)",
                        "CREATE TEMP TABLE task_executions (id INTEGER)",
                        "ATTACH ':memory:' AS other",
                        "PRAGMA query_only = ON",
                        "PRAGMA locking_mode = EXCLUSIVE")
                : List.of(
                        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
                        "SET statement_timeout = '1ms'",
                        "SET LOCAL statement_timeout = '1ms'",
                        "SET search_path = pg_catalog",
                        "SET ROLE pg_monitor",
                        "CREATE TEMP TABLE runners (id INTEGER)",
                        "CREATE TEMP TABLE task_executions (id INTEGER)");
    }

    @DatabaseTest
    void what_a_body_sets_of_its_session_disturbs_neither_its_own_end_nor_others(TestDatabase test) {
        List<String> poisons = poisons(test.backend());
        WorkflowDefinition poison =
                transactional("poison", context -> run(context.connection(), context.get("sql", String.class)));
        WorkflowDefinition good = WorkflowDefinition.named("good")
                .task("t", TransactionalTest::write, task -> task.transactional())
                .task("u", context -> {}, task -> task.after("t"))
                .build();
        try (Engine engine = TransactionalTest.start(test, poison, good)) {
            for (String sql : poisons) {
                UUID id = engine.submit("poison", Map.of("sql", sql));
                assertThat(engine.await(id).status()).as(sql).isEqualTo(ExecutionStatus.COMPLETED);
                List<UUID> others = engine.submitAll(Collections.nCopies(10, Submission.of("good")));
                assertThat(others)
                        .as(sql)
                        .allSatisfy(other ->
                                assertThat(engine.await(other).status()).isEqualTo(ExecutionStatus.COMPLETED));
            }
            assertThat(TransactionalTest.payments(test)).isEqualTo(10L * poisons.size());
        }
    }

    /** Cancels what waits for a lock now; what each was, and since when. */
    private static List<String> cancelWaiting(TestDatabase test) {
        List<String> cancelled = new ArrayList<>();
        try (Connection admin = test.jdbc();
                Statement statement = admin.createStatement();
                ResultSet waiting = statement.executeQuery("SELECT pid || ' ' || query_start, pg_cancel_backend(pid)"
                        + " FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")) {
            while (waiting.next()) {
                cancelled.add(waiting.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return cancelled;
    }

    @Test
    void a_time_limit_for_statements_and_a_cancelled_one_fail_no_task_whose_body_succeeded() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.migrated();
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch begun = new CountDownLatch(4);
            CountDownLatch locked = new CountDownLatch(1);
            WorkflowDefinition workflow = WorkflowDefinition.named("w")
                    .version("1")
                    .task("t", context -> {
                        runs.incrementAndGet();
                        begun.countDown();
                        locked.await();
                    })
                    .build();
            try (Engine engine = Engine.builder(test.url() + "?options=-c%20statement_timeout%3D100")
                    .workflow(workflow)
                    .start()) {
                List<UUID> ids = engine.submitAll(Collections.nCopies(4, Submission.of("w")));
                begun.await();
                try (Connection other = test.jdbc()) {
                    other.setAutoCommit(false);
                    run(other, "LOCK TABLE task_executions IN EXCLUSIVE MODE");
                    locked.countDown();
                    Set<String> cancelled = new HashSet<>();
                    EngineParts.until(
                            "three statements were cancelled",
                            () -> cancelled.addAll(cancelWaiting(test)) && cancelled.size() >= 3);
                    other.rollback();
                }
                for (UUID id : ids) {
                    assertThat(engine.await(id, EngineParts.LONG))
                            .get()
                            .extracting(Execution::status)
                            .isEqualTo(ExecutionStatus.COMPLETED);
                }
                assertThat(runs).hasValue(4);
            }
        }
    }
}
