package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Submissions and transactional tasks in the transactions of an application's manager. */
@Timeout(60)
class ApplicationTransactionsTest {
    private static final WorkflowDefinition EMPTY =
            WorkflowDefinition.named("empty").task("t", context -> {}).build();

    /** The transaction manager of an application: one transaction for a thread, on a connection of its own. */
    private static final class Manager implements ApplicationTransactions {
        private final TestDatabase test;
        private static final ThreadLocal<Connection> CONNECTIONS = new ThreadLocal<>();
        private final AtomicReference<@Nullable RuntimeException> atCommit = new AtomicReference<>();
        private final AtomicReference<@Nullable RuntimeException> afterCommit = new AtomicReference<>();
        private final AtomicReference<@Nullable RuntimeException> atCurrent = new AtomicReference<>();

        Manager(TestDatabase test) {
            this.test = test;
        }

        @Override
        public Optional<Connection> current() {
            RuntimeException refused = atCurrent.get();
            if (refused != null) {
                throw refused;
            }
            return Optional.ofNullable(CONNECTIONS.get());
        }

        @Override
        public void run(Consumer<Connection> work) {
            try (Connection connection = test.jdbc()) {
                if (test.url().startsWith("sqlite:")) {
                    execute(connection, "PRAGMA busy_timeout = 20000");
                }
                connection.setAutoCommit(false);
                CONNECTIONS.set(connection);
                boolean isDone = false;
                try {
                    work.accept(connection);
                    RuntimeException refused = atCommit.getAndSet(null);
                    if (refused != null) {
                        throw refused;
                    }
                    connection.commit();
                    isDone = true;
                    RuntimeException failed = afterCommit.getAndSet(null);
                    if (failed != null) {
                        throw failed;
                    }
                } finally {
                    CONNECTIONS.remove();
                    if (!isDone) {
                        connection.rollback();
                    }
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        /** A payment in the transaction of the thread. */
        void pay() {
            execute(Objects.requireNonNull(CONNECTIONS.get()), "INSERT INTO payments (attempt) VALUES (1)");
        }

        private static void execute(Connection connection, String sql) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static WorkflowDefinition pay(TaskBody body) {
        return WorkflowDefinition.named("pay")
                .task("pay", body, task -> task.transactional().retry(RetryPolicy.NONE))
                .build();
    }

    private static Engine start(TestDatabase test, Manager manager, TaskBody body) {
        test.migrated();
        EngineParts.execute(test, "CREATE TABLE payments (attempt INTEGER NOT NULL)");
        return Engine.builder(test.url())
                .workflow(EMPTY)
                .workflow(pay(body))
                .transactions(manager)
                .start();
    }

    private static long executions(TestDatabase test) {
        return EngineParts.count(test, "SELECT count(*) FROM pipeline_executions");
    }

    @DatabaseTest
    void an_error_that_the_body_caught_on_its_connection_fails_it_and_is_named(TestDatabase test) {
        Manager manager = new Manager(test);
        TaskBody body = context -> {
            manager.pay();
            try (Statement statement = context.connection().createStatement()) {
                statement.execute("INSERT INTO nowhere VALUES (1)");
            } catch (SQLException e) {
                context.put("caught", true);
            }
        };
        try (Engine engine = start(test, manager, body)) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(String.valueOf(engine.tasks(id).get(0).error())
                            .lines()
                            .findFirst()
                            .orElseThrow())
                    .contains("an earlier error made this transaction rollback-only", "nowhere")
                    .doesNotContain("current transaction is aborted");
            assertThat(EngineParts.count(test, "SELECT count(*) FROM payments")).isZero();
        }
    }

    @DatabaseTest
    void a_submission_shares_the_fate_of_the_transaction_of_its_thread(TestDatabase test) {
        Manager manager = new Manager(test);
        try (Engine engine = start(test, manager, context -> {})) {
            assertThatThrownBy(() -> manager.run(connection -> {
                        manager.pay();
                        engine.submit("empty", Map.of());
                        throw new IllegalArgumentException("out of stock");
                    }))
                    .hasMessage("out of stock");
            assertThat(TransactionalTest.payments(test)).isZero();
            assertThat(executions(test)).isZero();

            AtomicReference<List<UUID>> ids = new AtomicReference<>();
            manager.run(connection -> {
                manager.pay();
                ids.set(engine.submitAll(List.of(Submission.of("empty"), Submission.of("empty"))));
                assertThat(executions(test)).as("before the commit").isZero();
            });
            assertThat(TransactionalTest.payments(test)).isEqualTo(1);
            for (UUID id : Objects.requireNonNull(ids.get())) {
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(engine.await(engine.submit("empty", Map.of())).status())
                    .as("outside of a transaction")
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void a_transaction_that_cannot_be_joined_refuses_the_submission(TestDatabase test) {
        Manager manager = new Manager(test);
        try (Engine engine = start(test, manager, context -> {})) {
            manager.atCurrent.set(new IllegalStateException("a transaction of another database"));
            assertThatThrownBy(() -> engine.submit("empty", Map.of())).hasMessage("a transaction of another database");
            assertThat(executions(test)).isZero();
        }
    }

    @DatabaseTest
    void what_has_a_transaction_of_its_own_is_refused_in_one_of_the_manager(TestDatabase test) {
        Manager manager = new Manager(test);
        try (Engine engine = start(test, manager, context -> {})) {
            UUID id = engine.submit("empty", Map.of());
            engine.await(id);
            for (Runnable call : List.<Runnable>of(
                    () -> engine.signal(id, "go", null),
                    () -> engine.cancel(id),
                    () -> engine.restart(id),
                    () -> engine.await(id),
                    () -> engine.schedules().put(Schedule.of("s", "empty").cron("0 0 1 1 *")))) {
                assertThatThrownBy(() -> manager.run(connection -> {
                            manager.pay();
                            call.run();
                        }))
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("IN_TRANSACTION"));
            }
            assertThat(TransactionalTest.payments(test)).isZero();
        }
    }

    @DatabaseTest
    void the_body_of_a_transactional_task_is_in_a_transaction_of_the_manager(TestDatabase test) {
        Manager manager = new Manager(test);
        AtomicReference<Engine> engines = new AtomicReference<>();
        AtomicReference<UUID> submitted = new AtomicReference<>();
        try (Engine engine = start(test, manager, context -> {
            manager.pay();
            TransactionalTest.write(context);
            submitted.set(Objects.requireNonNull(engines.get()).submit("empty", Map.of()));
            if (context.find("fail", Boolean.class).orElse(false)) {
                throw new IllegalStateException("the card was refused");
            }
        })) {
            engines.set(engine);
            UUID failed = engine.submit("pay", Map.of("fail", true));
            assertThat(engine.await(failed).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(failed).get(0).error()).contains("the card was refused");
            assertThat(TransactionalTest.payments(test)).isZero();
            assertThat(engine.find(Objects.requireNonNull(submitted.get()))).isEmpty();

            UUID paid = engine.submit("pay", Map.of());
            assertThat(engine.await(paid).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(TransactionalTest.payments(test)).isEqualTo(2);
            assertThat(engine.await(Objects.requireNonNull(submitted.get())))
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void when_the_manager_does_not_commit_the_attempt_has_failed_and_nothing_of_it_stays(TestDatabase test) {
        Manager manager = new Manager(test);
        try (Engine engine = start(test, manager, context -> {
            manager.pay();
            manager.atCommit.set(new IllegalStateException("marked as rollback-only"));
        })) {
            UUID id = engine.submit("pay", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(0).error()).contains("did not commit", "marked as rollback-only");
            assertThat(TransactionalTest.payments(test)).isZero();
        }
    }

    /** The manager breaks its promise, and what is after the task would be held by nobody. */
    @DatabaseTest
    void when_the_manager_throws_after_the_commit_the_task_has_ended_and_the_next_one_runs(TestDatabase test) {
        for (RuntimeException thrown : List.of(
                new IllegalStateException("no mail"),
                new IllegalStateException("the manager's own", new SQLException("the connection is gone", "08006")))) {
            Manager manager = new Manager(test);
            AtomicInteger runs = new AtomicInteger();
            WorkflowDefinition after = WorkflowDefinition.named("after")
                    .task(
                            "pay",
                            context -> {
                                runs.incrementAndGet();
                                manager.afterCommit.set(thrown);
                            },
                            task -> task.transactional().retry(RetryPolicy.NONE))
                    .task("ship", context -> {}, task -> task.after("pay"))
                    .build();
            try (Engine engine = Engine.builder(test.url())
                    .workflow(after)
                    .transactions(manager)
                    .start()) {
                UUID id = engine.submit("after", Map.of());
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(engine.tasks(id))
                        .allSatisfy(task ->
                                assertThat(task.attempt()).as(task.name()).isLessThanOrEqualTo(2));
                assertThat(runs.get()).isLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void a_commit_that_lost_against_another_transaction_is_tried_again_with_its_body() {
        AtomicInteger runs = new AtomicInteger();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Manager manager = new Manager(test);
            try (Engine engine = start(test, manager, context -> {
                manager.pay();
                if (runs.incrementAndGet() == 1) {
                    SQLException lost = new SQLException("could not serialize access", "40001");
                    manager.atCommit.set(new IllegalStateException("the manager's own", lost));
                }
            })) {
                UUID id = engine.submit("pay", Map.of());
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(runs).hasValue(2);
                assertThat(TransactionalTest.payments(test)).isEqualTo(1);
            }
        }
    }

    /** It has read before, so SQLite refuses it at once, whatever time it may wait. */
    @Test
    void a_body_that_met_another_writer_of_sqlite_runs_again() {
        AtomicInteger runs = new AtomicInteger();
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            Manager manager = new Manager(test);
            try (Engine engine = start(test, manager, context -> {
                if (runs.incrementAndGet() > 1) {
                    manager.pay();
                    return;
                }
                try (Connection other = test.jdbc();
                        Statement statement = other.createStatement()) {
                    statement.execute("BEGIN IMMEDIATE");
                    manager.pay();
                }
            })) {
                UUID id = engine.submit("pay", Map.of());
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(runs).hasValue(2);
                assertThat(TransactionalTest.payments(test)).isEqualTo(1);
            }
        }
    }
}
