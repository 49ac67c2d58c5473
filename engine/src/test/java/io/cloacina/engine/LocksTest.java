package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Limit;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.run.Retention;
import io.cloacina.engine.model.BulkAction;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a transaction of the application holds on PostgreSQL keeps waiting who needs it, and nobody else. SQLite has one
 * writer, for whom everybody waits.
 */
@Timeout(120)
class LocksTest {
    private static final WorkflowDefinition ONE = WorkflowDefinition.named("one")
            .version("1")
            .task("t", context -> {})
            .build();

    private static final WorkflowDefinition CHAIN = WorkflowDefinition.named("chain")
            .version("1")
            .task("a", context -> {})
            .task("b", context -> {}, task -> task.after("a"))
            .build();

    private final ExecutorService callers = Executors.newCachedThreadPool();

    /** What is done while a transaction of the application is open. */
    private interface Meanwhile {
        void run(Connection open) throws Exception;
    }

    private void withOpenTransaction(TestDatabase test, Meanwhile meanwhile) throws Exception {
        try (Connection open = test.jdbc()) {
            open.setAutoCommit(false);
            meanwhile.run(open);
        } finally {
            callers.shutdownNow();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Submission keyed(String key) {
        return Submission.of("one").idempotencyKey(key);
    }

    private static void assertGoesOn(Engine engine) {
        for (int i = 0; i < 20; i++) {
            assertThat(engine.await(engine.submit("chain", Map.of())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    private static <T> T of(Future<T> future) throws Exception {
        return future.get(EngineParts.LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static Engine start(TestDatabase test) {
        return Engine.builder(test.url()).workflow(ONE).workflow(CHAIN).start();
    }

    @Test
    void a_key_in_an_open_transaction_keeps_only_submissions_with_that_key_waiting() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = start(test)) {
            withOpenTransaction(test, open -> {
                UUID first = engine.submit(open, keyed("k"));
                List<Future<UUID>> same = new ArrayList<>();
                for (int i = 0; i < 30; i++) {
                    same.add(callers.submit(() -> engine.submit(keyed("k"))));
                }
                List<Future<UUID>> others = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    Submission other = i % 2 == 0 ? keyed("other " + i) : Submission.of("one");
                    others.add(callers.submit(() -> engine.submit(other)));
                }
                for (Future<UUID> other : others) {
                    assertThat(engine.await(of(other)).status()).isEqualTo(ExecutionStatus.COMPLETED);
                }
                assertGoesOn(engine);
                assertThat(same).noneMatch(Future::isDone);

                open.commit();

                for (Future<UUID> each : same) {
                    assertThat(of(each)).isEqualTo(first);
                }
                assertThat(engine.await(first).status()).isEqualTo(ExecutionStatus.COMPLETED);
            });
        }
    }

    @Test
    void a_key_of_a_transaction_that_is_rolled_back_is_free_again() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = start(test)) {
            withOpenTransaction(test, open -> {
                UUID first = engine.submit(open, keyed("k"));
                List<Future<UUID>> same = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    same.add(callers.submit(() -> engine.submit(keyed("k"))));
                }
                assertGoesOn(engine);

                open.rollback();

                UUID second = of(same.get(0));
                assertThat(second).isNotEqualTo(first);
                for (Future<UUID> each : same) {
                    assertThat(of(each)).isEqualTo(second);
                }
                assertThat(engine.list(ExecutionQuery.all().workflow("one"))).hasSize(1);
            });
        }
    }

    @Test
    void keys_of_several_open_transactions_are_free_in_any_order() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = start(test);
                Connection also = test.jdbc()) {
            also.setAutoCommit(false);
            withOpenTransaction(test, open -> {
                engine.submit(open, keyed("a"));
                UUID ofB = engine.submit(also, keyed("b"));
                List<Future<UUID>> forA = new ArrayList<>();
                List<Future<UUID>> forB = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    forA.add(callers.submit(() -> engine.submit(keyed("a"))));
                    forB.add(callers.submit(() -> engine.submit(keyed("b"))));
                }
                Future<List<UUID>> both = callers.submit(() -> engine.submitAll(List.of(keyed("a"), keyed("b"))));
                assertGoesOn(engine);

                also.commit();

                for (Future<UUID> each : forB) {
                    assertThat(of(each)).isEqualTo(ofB);
                }
                assertThat(forA).noneMatch(Future::isDone);
                assertThat(both).isNotDone();
                open.rollback();
                UUID ofA = of(forA.get(0));
                assertThat(of(both)).containsExactly(ofA, ofB);
            });
        }
    }

    @Test
    void a_client_that_waits_for_a_key_keeps_no_other_caller_of_it_waiting() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = start(test);
                Engine client = Engine.builder(test.url())
                        .workflow(ONE)
                        .workflow(CHAIN)
                        .client()
                        .start()) {
            withOpenTransaction(test, open -> {
                UUID first = engine.submit(open, keyed("k"));
                List<Future<UUID>> same = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    same.add(callers.submit(() -> client.submit(keyed("k"))));
                }
                for (int i = 0; i < 10; i++) {
                    assertThat(engine.await(client.submit("chain", Map.of())).status())
                            .isEqualTo(ExecutionStatus.COMPLETED);
                }
                assertThat(same).noneMatch(Future::isDone);

                open.commit();

                for (Future<UUID> each : same) {
                    assertThat(of(each)).isEqualTo(first);
                }
            });
        }
    }

    @Test
    void closing_refuses_who_waits_for_a_key_and_ends() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Engine engine = start(test);
            withOpenTransaction(test, open -> {
                engine.submit(open, keyed("k"));
                Future<UUID> same = callers.submit(() -> engine.submit(keyed("k")));
                assertGoesOn(engine);

                engine.close();

                assertThatThrownBy(() -> of(same))
                        .cause()
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.BUSY));
            });
        }
    }

    @Test
    void a_row_that_is_held_keeps_only_its_execution_waiting() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .version("1")
                .task("t", context -> {
                    inside.countDown();
                    EngineParts.await(let);
                })
                .task(
                        "never",
                        context -> {},
                        task -> task.after("t")
                                .when(TriggerRule.all(TriggerCondition.taskFailed("t")))
                                .signal("s"))
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url())
                        .workflow(slow)
                        .workflow(CHAIN)
                        .start()) {
            UUID id = engine.submit("slow", Map.of());
            EngineParts.await(inside);
            withOpenTransaction(test, open -> {
                run(open, "SELECT * FROM pipeline_executions WHERE id = '" + id + "' FOR UPDATE");
                let.countDown();
                Future<?> paused = callers.submit(() -> engine.pause(id, "for a moment"));
                Future<?> signalled = callers.submit(() -> engine.signal(id, "s", 1));
                engine.schedules().put(Schedule.of("each second", "chain").cron("* * * * * *"));
                assertGoesOn(engine);
                EngineParts.until(
                        "schedules are fired",
                        () -> !engine.schedules().history("each second", 10).isEmpty());
                assertThat(engine.find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.RUNNING);
                assertThat(List.of(paused, signalled)).noneMatch(Future::isDone);

                open.rollback();

                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                // They came before the end, or after it and were refused; none waits any more.
                EngineParts.until("both are answered", () -> paused.isDone() && signalled.isDone());
            });
        }
    }

    @Test
    void tasks_under_a_limit_whose_key_is_held_wait_and_others_are_claimed() throws Exception {
        WorkflowDefinition bounded = WorkflowDefinition.named("bounded")
                .version("1")
                .task("t", context -> {}, task -> task.limit(Limit.atMost(1)))
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url())
                        .workflow(bounded)
                        .workflow(CHAIN)
                        .start()) {
            engine.await(engine.submit("bounded", Map.of()));
            withOpenTransaction(test, open -> {
                // As a process would that was stopped while it claimed.
                run(
                        open,
                        "SELECT pg_advisory_xact_lock(hashtextextended(CAST(limit_keys AS jsonb) ->> 0, 0))"
                                + " FROM task_executions WHERE limit_keys IS NOT NULL LIMIT 1");
                UUID id = engine.submit("bounded", Map.of());
                assertGoesOn(engine);
                assertThat(engine.find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.PENDING);

                open.rollback();

                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            });
        }
    }

    @Test
    void a_ready_task_whose_row_is_held_keeps_no_other_from_being_claimed() throws Exception {
        EngineParts.SetClock clock = new EngineParts.SetClock();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url())
                        .workflow(ONE)
                        .workflow(CHAIN)
                        .pollInterval(Duration.ofMillis(50))
                        .clock(clock)
                        .start()) {
            UUID id = engine.submit(Submission.of("one").delay(Duration.ofMinutes(1)));
            withOpenTransaction(test, open -> {
                run(open, "SELECT * FROM task_executions WHERE pipeline_execution_id = '" + id + "' FOR UPDATE");
                clock.advance(Duration.ofMinutes(2));
                assertGoesOn(engine);
                UUID later = engine.submit(Submission.of("one").delay(Duration.ofMinutes(1)));
                clock.advance(Duration.ofMinutes(2));
                assertThat(engine.await(later).status()).isEqualTo(ExecutionStatus.COMPLETED);

                open.rollback();

                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            });
        }
    }

    @Test
    void an_execution_that_is_held_when_its_task_is_claimed_keeps_no_other_workflow_waiting() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url())
                        .workflow(ONE)
                        .workflow(CHAIN)
                        .pollInterval(Duration.ofMillis(50))
                        .start()) {
            UUID id = engine.submit(Submission.of("one").delay(Duration.ofSeconds(3)));
            withOpenTransaction(test, open -> {
                run(open, "SELECT * FROM pipeline_executions WHERE id = '" + id + "' FOR UPDATE");
                EngineParts.until(
                        "it is due",
                        () -> EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE due_at IS NOT NULL")
                                == 0);
                assertGoesOn(engine);
                assertThat(engine.find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.PENDING);

                open.rollback();

                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            });
        }
    }

    @Test
    void removing_what_the_application_is_about_to_refer_to_fails_and_is_done_later() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.migrated();
            EngineParts.execute(
                    test, "CREATE TABLE orders (execution uuid REFERENCES pipeline_executions (id) ON DELETE CASCADE)");
            EngineParts.SetClock clock = new EngineParts.SetClock();
            try (ManualEngine manual = Engine.builder(test.url())
                    .workflow(ONE)
                    .retention(Duration.ofMinutes(1))
                    .clock(clock)
                    .buildManual()
                    .start()) {
                UUID id = manual.engine().submit("one", Map.of());
                manual.tick();
                clock.advance(Duration.ofHours(1));
                withOpenTransaction(test, open -> {
                    run(open, "INSERT INTO orders VALUES ('" + id + "')");
                    assertThatThrownBy(manual::tick)
                            .isInstanceOfSatisfying(
                                    DatabaseException.class,
                                    e -> assertThat(e.kind()).isEqualTo(ErrorKind.BUSY));
                    open.rollback();
                });
                // The first one ends the walk that was broken off, the second one begins anew.
                manual.tick();
                manual.tick();
                assertThat(manual.engine().find(id)).isEmpty();
            }
        }
    }

    @Test
    void upkeep_that_meets_what_others_hold_fails_and_is_not_waited_for() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                EngineRuntime runtime = EngineParts.of(test, ONE);
                Engine engine = new Engine(runtime)) {
            UUID id = engine.submit("one", Map.of());
            engine.await(id);
            withOpenTransaction(test, open -> {
                run(open, "SELECT * FROM pipeline_executions WHERE id = '" + id + "' FOR UPDATE");
                assertThatThrownBy(() -> new Retention(
                                        runtime.parts().database(),
                                        runtime.lanes(),
                                        Clock.offset(Clock.systemUTC(), Duration.ofHours(1)),
                                        () -> Duration.ZERO,
                                        Duration.ofMinutes(1))
                                .removeSome())
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.BUSY));
            });
        }
    }

    @Test
    void an_operation_continues_soon_after_a_row_that_it_needs_is_free() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = start(test)) {
            UUID id = engine.submit(Submission.of("one").delay(Duration.ofDays(1)));
            UUID operation;
            try (Connection look = test.jdbc()) {
                try (Connection open = test.jdbc()) {
                    open.setAutoCommit(false);
                    run(open, "UPDATE task_executions SET priority = priority");
                    operation = engine.operations().start(ExecutionQuery.all(), BulkAction.cancel(), "test");
                    EngineParts.until("it waits for the row", () -> waitingForLocks(look) > 0);
                    EngineParts.until("it does not any more", () -> waitingForLocks(look) == 0);
                    assertThat(engine.operations().find(operation).orElseThrow().isEnded())
                            .isFalse();
                    open.rollback();
                }
                // The next look for operations that somebody else began is later than that.
                EngineParts.within(
                        Duration.ofSeconds(20),
                        "it continues",
                        () -> engine.operations().find(operation).orElseThrow().isEnded());
            }
            assertThat(engine.find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.CANCELLED);
        }
    }

    private static int waitingForLocks(Connection connection) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE NOT granted")) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
