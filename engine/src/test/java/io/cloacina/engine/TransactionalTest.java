package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a transactional task writes is committed with its completion, or not at all. */
@Timeout(60)
class TransactionalTest {
    private static WorkflowDefinition pay(RetryPolicy retry, TaskBody body) {
        return WorkflowDefinition.named("pay")
                .version("1")
                .task("pay", body, task -> task.transactional().retry(retry))
                .build();
    }

    /** A payment in the transaction of the task. */
    static void write(TaskContext context) throws SQLException {
        run(context, "INSERT INTO payments (attempt) VALUES (" + context.attempt() + ")");
    }

    private static void run(TaskContext context, String sql) throws SQLException {
        try (Statement statement = context.connection().createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** On a database with payments. */
    static Engine start(TestDatabase test, WorkflowDefinition... workflows) {
        test.migrated();
        EngineParts.execute(test, "CREATE TABLE payments (attempt INTEGER NOT NULL)");
        EngineBuilder builder = Engine.builder(test.url()).lease(Duration.ofSeconds(1));
        for (WorkflowDefinition workflow : workflows) {
            builder.workflow(workflow);
        }
        return builder.start();
    }

    static long payments(TestDatabase test) {
        return EngineParts.count(test, "SELECT count(*) FROM payments");
    }

    @DatabaseTest
    void nothing_stays_of_a_body_that_throws_and_the_next_attempt_writes_once(TestDatabase test) {
        WorkflowDefinition workflow = pay(RetryPolicy.fixed(2, Duration.ZERO), context -> {
            write(context);
            context.put("paid", context.attempt());
            if (context.attempt() == 1) {
                throw new IllegalStateException("the card was refused");
            }
        });
        try (Engine engine = start(test, workflow)) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(payments(test)).isEqualTo(1);
            assertThat(EngineParts.count(test, "SELECT attempt FROM payments")).isEqualTo(2);
            assertThat(engine.context(id).get("paid", Integer.class)).isEqualTo(2);
            assertThat(engine.tasks(id).get(0).error()).contains("the card was refused");
        }
    }

    @DatabaseTest
    void nothing_stays_of_a_task_that_fails_for_good(TestDatabase test) {
        WorkflowDefinition workflow = pay(RetryPolicy.NONE, context -> {
            write(context);
            throw new IllegalStateException("the card was refused");
        });
        try (Engine engine = start(test, workflow)) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(payments(test)).isZero();
        }
    }

    @DatabaseTest
    void an_error_of_its_sql_that_the_body_caught_fails_it_and_is_named(TestDatabase test) {
        WorkflowDefinition workflow = pay(RetryPolicy.NONE, context -> {
            write(context);
            for (String table : new String[] {"nowhere", "elsewhere"}) {
                try {
                    run(context, "INSERT INTO " + table + " VALUES (1)");
                } catch (SQLException e) {
                    context.put("caught", table);
                }
            }
        });
        try (Engine engine = start(test, workflow)) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(payments(test)).isZero();
            String first = String.valueOf(engine.tasks(id).get(0).error())
                    .lines()
                    .findFirst()
                    .orElseThrow();
            assertThat(first)
                    .contains("an earlier error made this transaction rollback-only: a statement of the application")
                    .contains("nowhere")
                    .doesNotContain("elsewhere", "current transaction is aborted", "take-back");
        }
    }

    @DatabaseTest
    void an_error_behind_a_savepoint_does_not_fail_the_body(TestDatabase test) {
        WorkflowDefinition workflow = pay(RetryPolicy.NONE, context -> {
            write(context);
            Savepoint before = context.connection().setSavepoint();
            try {
                run(context, "INSERT INTO nowhere VALUES (1)");
            } catch (SQLException e) {
                context.connection().rollback(before);
            }
        });
        try (Engine engine = start(test, workflow)) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(payments(test)).isEqualTo(1);
        }
    }

    @DatabaseTest
    void a_lost_claim_undoes_what_the_body_wrote(TestDatabase test) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = pay(RetryPolicy.NONE, context -> {
            write(context);
            if (runs.incrementAndGet() == 1) {
                // As if another runner had it by now.
                run(context, "UPDATE task_executions SET attempt = attempt + 1 WHERE status = 'Running'");
            }
        });
        try (Engine engine = start(test, workflow)) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id, EngineParts.LONG))
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(runs).hasValue(2);
            assertThat(payments(test)).isEqualTo(1);
        }
    }

    @DatabaseTest
    void output_that_cannot_be_stored_undoes_what_the_body_wrote(TestDatabase test) {
        WorkflowDefinition workflow = pay(RetryPolicy.NONE, context -> {
            write(context);
            context.put("x", "\ud800");
        });
        try (Engine engine = start(test, workflow)) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(0).error()).contains("half of a surrogate pair");
            assertThat(payments(test)).isZero();
        }
    }

    @DatabaseTest
    void a_timeout_undoes_what_the_body_wrote(TestDatabase test) {
        CountDownLatch never = new CountDownLatch(1);
        WorkflowDefinition workflow = WorkflowDefinition.named("pay")
                .task(
                        "pay",
                        context -> {
                            write(context);
                            never.await();
                        },
                        task -> task.transactional().timeout(Duration.ofMillis(50)))
                .build();
        try (Engine engine = start(test, workflow)) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(payments(test)).isZero();
        }
    }

    @DatabaseTest
    void submitting_from_its_body_is_refused_and_does_not_wait_for_ever(TestDatabase test) {
        AtomicReference<Engine> engine = new AtomicReference<>();
        AtomicReference<String> code = new AtomicReference<>();
        WorkflowDefinition workflow = pay(RetryPolicy.NONE, context -> {
            write(context);
            try {
                Objects.requireNonNull(engine.get()).submit("pay", Map.of());
            } catch (CloacinaException e) {
                code.set(e.code());
            }
        });
        try (Engine started = start(test, workflow)) {
            engine.set(started);
            UUID id = started.submit("pay", Map.of());
            assertThat(started.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(code).hasValue("IN_TRANSACTION");
            assertThat(payments(test)).isEqualTo(1);
        }
    }

    /** A trigger that raises an error the first times that a statement meets it, whatever is rolled back. */
    static void raise(TestDatabase test, String on, String state, int times) {
        EngineParts.execute(test, "CREATE SEQUENCE raised");
        EngineParts.execute(
                test,
                "CREATE FUNCTION raise_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('raised') <= "
                        + times + " THEN RAISE EXCEPTION 'on purpose' USING ERRCODE = '" + state
                        + "'; END IF; RETURN NEW; END $$");
        EngineParts.execute(test, "CREATE TRIGGER raise_it " + on + " FOR EACH ROW EXECUTE FUNCTION raise_it()");
    }

    @Test
    void a_serialization_failure_of_its_commit_runs_the_body_again_and_counts_no_attempt() {
        runsAgainAfter("BEFORE UPDATE ON task_executions", "40001");
    }

    @Test
    void a_serialization_failure_of_its_own_statement_runs_the_body_again_and_counts_no_attempt() {
        runsAgainAfter("BEFORE INSERT ON payments", "40001");
    }

    @Test
    void a_deadlock_of_its_own_statement_runs_the_body_again_and_counts_no_attempt() {
        runsAgainAfter("BEFORE INSERT ON payments", "40P01");
    }

    private static void runsAgainAfter(String on, String state) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = pay(RetryPolicy.NONE, context -> {
            runs.incrementAndGet();
            write(context);
        });
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = start(test, workflow)) {
            raise(test, on, state, 2);
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id, EngineParts.LONG))
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(runs).hasValue(3);
            assertThat(engine.tasks(id).get(0).attempt()).isEqualTo(1);
            assertThat(payments(test)).isEqualTo(1);
        }
    }

    @Test
    void a_connection_that_is_cut_in_its_body_runs_the_body_again_and_counts_no_attempt() {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = pay(RetryPolicy.NONE, context -> {
            write(context);
            if (runs.incrementAndGet() <= 2) {
                run(context, "SELECT pg_terminate_backend(pg_backend_pid())");
            }
        });
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = start(test, workflow)) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id, EngineParts.LONG))
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(runs).hasValue(3);
            assertThat(engine.tasks(id).get(0).attempt()).isEqualTo(1);
            assertThat(payments(test)).isEqualTo(1);
        }
    }
}
