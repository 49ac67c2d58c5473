package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.run.BodyTransactions;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.TransactionLostException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is lost each time although the database is there has an end, and holds up nothing else. */
@Timeout(120)
class LossesTest {
    /** A body runs so often in one attempt. */
    private static final int RUNS = 1 + BodyTransactions.REPETITIONS;

    private static final RetryPolicy TWICE = RetryPolicy.fixed(2, Duration.ofMillis(10));

    private static WorkflowDefinition transactional(String name, RetryPolicy retry, TaskBody body) {
        return WorkflowDefinition.named(name)
                .version("1")
                .task("t", body, task -> task.transactional().retry(retry))
                .build();
    }

    /** Whatever is committed with a body is lost with its connection. */
    private static FaultyConnections losingBodies(TestDatabase test) {
        FaultyConnections source = new FaultyConnections(
                test,
                number -> Thread.currentThread().getName().startsWith("cloacina-transaction-")
                        ? FaultyConnections.Fate.LOST
                        : FaultyConnections.Fate.FINE);
        source.arm();
        return source;
    }

    /** A trigger of the application that refuses rows of the workflow 'poison', each time. */
    private static void refuse(TestDatabase test, String on, String table, String condition, String postgresState) {
        if (test.backend() == Backend.SQLITE) {
            EngineParts.execute(
                    test,
                    "CREATE TRIGGER refuse_it " + on + " ON " + table + " WHEN " + condition
                            + " BEGIN SELECT RAISE(ABORT, 'on purpose'); END");
            return;
        }
        EngineParts.execute(
                test,
                "CREATE FUNCTION refuse_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'on purpose'"
                        + " USING ERRCODE = '" + postgresState + "'; END $$");
        EngineParts.execute(
                test,
                "CREATE TRIGGER refuse_it " + on + " ON " + table + " FOR EACH ROW WHEN (" + condition
                        + ") EXECUTE FUNCTION refuse_it()");
    }

    private static void refuseNoMore(TestDatabase test, String table) {
        EngineParts.execute(test, "DROP TRIGGER refuse_it" + (test.backend() == Backend.SQLITE ? "" : " ON " + table));
    }

    @DatabaseTest
    void a_body_whose_transaction_is_lost_each_time_fails_its_attempts_and_then_its_task(TestDatabase test) {
        AtomicInteger runs = new AtomicInteger();
        ConcurrentLinkedQueue<EngineEvent> events = new ConcurrentLinkedQueue<>();
        WorkflowDefinition workflow = transactional("w", TWICE, context -> runs.incrementAndGet());
        try (Engine engine = Engine.builder(losingBodies(test))
                .workflow(workflow)
                .listener(events::add)
                .start()) {
            UUID id = engine.submit("w", Map.of());

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            TaskExecution task = engine.tasks(id).get(0);
            assertThat(task.attempt()).isEqualTo(2);
            assertThat(task.error()).contains("attempt 2 of task 't'").contains("lost several times in a row");
            assertThat(runs).hasValue(2 * RUNS);
            EngineParts.until("both failures are told", () -> causes(events).size() == 2);
            assertThat(causes(events))
                    .allSatisfy(cause -> assertThat(cause)
                            .isInstanceOfSatisfying(
                                    TransactionLostException.class,
                                    e -> assertThat(e.code()).isEqualTo("TRANSACTION_LOST")));
        }
    }

    private static List<Throwable> causes(Iterable<EngineEvent> events) {
        ConcurrentLinkedQueue<Throwable> causes = new ConcurrentLinkedQueue<>();
        for (EngineEvent event : events) {
            if (event instanceof EngineEvent.TaskRetried retried) {
                causes.add(retried.error());
            } else if (event instanceof EngineEvent.TaskFailed failed) {
                causes.add(failed.error());
            }
        }
        return List.copyOf(causes);
    }

    @DatabaseTest
    void a_body_that_is_lost_a_few_times_completes_in_its_first_attempt(TestDatabase test) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = transactional("w", RetryPolicy.NONE, context -> runs.incrementAndGet());
        FaultyConnections source = new FaultyConnections(
                test,
                number -> Thread.currentThread().getName().startsWith("cloacina-transaction-") && runs.get() < RUNS
                        ? FaultyConnections.Fate.LOST
                        : FaultyConnections.Fate.FINE);
        source.arm();
        try (Engine engine = Engine.builder(source).workflow(workflow).start()) {
            UUID id = engine.submit("w", Map.of());

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.tasks(id).get(0).attempt()).isEqualTo(1);
            assertThat(runs).hasValue(RUNS);
        }
    }

    @DatabaseTest
    void the_time_limit_is_for_all_repetitions_of_a_body_together(TestDatabase test) {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .task(
                        "t",
                        context -> {
                            runs.incrementAndGet();
                            // Each run is short of the limit, and all together are beyond it.
                            assertThat(never.await(150, TimeUnit.MILLISECONDS)).isFalse();
                        },
                        task -> task.transactional().timeout(Duration.ofMillis(250)))
                .build();
        try (Engine engine =
                Engine.builder(losingBodies(test)).workflow(workflow).start()) {
            UUID id = engine.submit("w", Map.of());

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(0).error()).contains("took longer than 250 ms");
            assertThat(runs.get()).isLessThan(RUNS);
        }
    }

    @Test
    void bodies_whose_connection_is_cut_each_time_do_not_keep_others_from_running() {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition poison = transactional("poison", TWICE, context -> {
            runs.incrementAndGet();
            try (Statement statement = context.connection().createStatement()) {
                statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            }
        });
        WorkflowDefinition good = transactional("good", RetryPolicy.NONE, context -> {});
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url())
                        .workflow(poison)
                        .workflow(good)
                        .start()) {
            List<UUID> poisons = engine.submitAll(Collections.nCopies(8, Submission.of("poison")));
            UUID other = engine.submit("good", Map.of());

            assertThat(engine.await(other).status()).isEqualTo(ExecutionStatus.COMPLETED);
            for (UUID id : poisons) {
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(engine.tasks(id).get(0).error()).contains("lost several times in a row");
            }
            assertThat(runs).hasValue(8 * 2 * RUNS);
        }
    }

    @Test
    void a_body_that_always_fails_to_be_serialized_or_meets_a_deadlock_fails() {
        for (String state : List.of("40001", "40P01")) {
            for (String on : List.of("BEFORE INSERT ON payments", "BEFORE INSERT ON task_execution_metadata")) {
                AtomicInteger runs = new AtomicInteger();
                WorkflowDefinition workflow = transactional("w", RetryPolicy.NONE, context -> {
                    runs.incrementAndGet();
                    try (Statement statement = context.connection().createStatement()) {
                        statement.executeUpdate("INSERT INTO payments VALUES (1)");
                    }
                    context.put("paid", 1);
                });
                try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                        Engine engine =
                                Engine.builder(test.url()).workflow(workflow).start()) {
                    EngineParts.execute(test, "CREATE TABLE payments (attempt INTEGER NOT NULL)");
                    TransactionalTest.raise(test, on, state, 1_000_000);
                    UUID id = engine.submit("w", Map.of());

                    assertThat(engine.await(id).status()).as("%s %s", on, state).isEqualTo(ExecutionStatus.FAILED);
                    assertThat(runs).as("%s %s", on, state).hasValue(RUNS);
                    assertThat(EngineParts.count(test, "SELECT count(*) FROM payments"))
                            .isZero();
                }
            }
        }
    }

    @DatabaseTest
    void an_attempt_that_is_lost_while_the_engine_closes_is_given_back_and_has_not_failed(TestDatabase test) {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        WorkflowDefinition workflow = transactional("w", RetryPolicy.NONE, context -> {
            inside.countDown();
            EngineParts.await(let);
        });
        UUID id;
        try (Engine engine =
                Engine.builder(losingBodies(test)).workflow(workflow).start()) {
            id = engine.submit("w", Map.of());
            EngineParts.await(inside);
            Thread closing = new Thread(engine::close);
            closing.start();
            let.countDown();
            join(closing);
        }
        try (Engine other = Engine.builder(test.url())
                .workflow(transactional("w", RetryPolicy.NONE, context -> {}))
                .start()) {
            assertThat(other.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void an_end_that_always_loses_fails_its_attempt_and_holds_up_no_other() {
        for (String state : List.of("40001", "40P01")) {
            AtomicInteger runs = new AtomicInteger();
            WorkflowDefinition poison = WorkflowDefinition.named("poison")
                    .task(
                            "poison",
                            context -> {
                                runs.incrementAndGet();
                                context.put("x", 1);
                            },
                            task -> task.retry(TWICE))
                    .build();
            WorkflowDefinition good = WorkflowDefinition.named("good")
                    .task("t", context -> context.put("x", 1))
                    .build();
            try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                    Engine engine = Engine.builder(test.url())
                            .workflow(poison)
                            .workflow(good)
                            .start()) {
                refuse(test, "BEFORE INSERT", "task_execution_metadata", "NEW.task_name = 'poison'", state);
                UUID bad = engine.submit("poison", Map.of());
                for (UUID id : engine.submitAll(Collections.nCopies(50, Submission.of("good")))) {
                    assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                }

                assertThat(engine.await(bad).status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(engine.tasks(bad).get(0).error()).contains("could not be committed");
                assertThat(runs).hasValue(2);
            }
        }
    }

    @Test
    void a_submission_that_always_loses_is_refused_and_holds_up_no_other() {
        for (String state : List.of("40001", "40P01")) {
            WorkflowDefinition poison =
                    WorkflowDefinition.named("poison").task("t", context -> {}).build();
            WorkflowDefinition good =
                    WorkflowDefinition.named("good").task("t", context -> {}).build();
            try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                    Engine engine = Engine.builder(test.url())
                            .workflow(poison)
                            .workflow(good)
                            .start()) {
                refuse(test, "BEFORE INSERT", "pipeline_executions", "NEW.pipeline_name = 'poison'", state);
                assertThatThrownBy(() -> engine.submit("poison", Map.of()))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.SERIALIZATION));
                assertThat(engine.await(engine.submit("good", Map.of())).status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @Test
    void a_claim_that_is_lost_once_is_tried_again_at_once() {
        WorkflowDefinition workflow =
                WorkflowDefinition.named("w").task("t", context -> {}).build();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                ManualEngine engine = Engine.builder(test.url())
                        .workflow(workflow)
                        .buildManual()
                        .start()) {
            UUID id = engine.engine().submit("w", Map.of());
            TransactionalTest.raise(test, "BEFORE UPDATE ON task_executions", "40001", 1);

            engine.tick();

            assertThat(engine.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void a_lease_whose_renewal_is_lost_once_is_renewed_by_the_same_tick() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                ManualEngine engine = Engine.builder(test.url()).buildManual().start()) {
            TransactionalTest.raise(test, "BEFORE UPDATE ON runners", "40001", 1);

            engine.tick();

            assertThat(EngineParts.count(test, "SELECT last_value FROM raised")).isEqualTo(2);
        }
    }

    @DatabaseTest
    void a_submission_that_is_never_unique_is_refused(TestDatabase test) {
        WorkflowDefinition poison =
                WorkflowDefinition.named("poison").task("t", context -> {}).build();
        try (Engine engine = Engine.builder(test.url()).workflow(poison).start()) {
            EngineParts.execute(test, "CREATE UNIQUE INDEX one_of_each ON pipeline_executions (pipeline_name)");
            engine.submit("poison", Map.of());
            for (Submission again :
                    List.of(Submission.of("poison"), Submission.of("poison").idempotencyKey("k"))) {
                assertThatThrownBy(() -> engine.submit(again))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.UNIQUE));
            }
        }
    }

    @Test
    void a_submission_whose_connection_breaks_each_time_is_refused() {
        WorkflowDefinition poison =
                WorkflowDefinition.named("poison").task("t", context -> {}).build();
        WorkflowDefinition good =
                WorkflowDefinition.named("good").task("t", context -> {}).build();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url())
                        .workflow(poison)
                        .workflow(good)
                        .start()) {
            EngineParts.execute(
                    test,
                    "CREATE FUNCTION break_it() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$");
            EngineParts.execute(
                    test,
                    "CREATE TRIGGER break_it BEFORE INSERT ON pipeline_executions FOR EACH ROW"
                            + " WHEN (NEW.pipeline_name = 'poison') EXECUTE FUNCTION break_it()");

            assertThatThrownBy(() -> engine.submit("poison", Map.of()))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONNECTION));
            assertThat(engine.await(engine.submit("good", Map.of())).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void a_task_that_cannot_be_claimed_harms_nothing_but_its_workflow(TestDatabase test) {
        WorkflowDefinition poison =
                WorkflowDefinition.named("poison").task("t", context -> {}).build();
        WorkflowDefinition good = WorkflowDefinition.named("good")
                .task("a", context -> {})
                .task("b", context -> {}, task -> task.after("a"))
                .build();
        WorkflowDefinition within = transactional("within", RetryPolicy.NONE, context -> {});
        try (Engine engine = Engine.builder(test.url())
                .workflow(poison)
                .workflow(good)
                .workflow(within)
                .pollInterval(Duration.ofMillis(50))
                .start()) {
            refuse(
                    test,
                    "BEFORE UPDATE",
                    "task_executions",
                    "NEW.status = 'Running' AND NEW.pipeline_name = 'poison'",
                    "P0001");
            // What has a delay is claimed by an update.
            UUID bad = engine.submit(Submission.of("poison").delay(Duration.ofMillis(1)));
            for (int i = 0; i < 20; i++) {
                UUID late = engine.submit(Submission.of("good").delay(Duration.ofMillis(i)));
                UUID tx = engine.submit("within", Map.of());
                assertThat(engine.await(engine.submit("good", Map.of())).status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(engine.await(late).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(engine.await(tx).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(engine.find(bad).orElseThrow().status()).isEqualTo(ExecutionStatus.PENDING);

            refuseNoMore(test, "task_executions");

            assertThat(engine.await(bad).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void an_end_that_cannot_be_recorded_in_any_way_is_kept_and_its_body_runs_once(TestDatabase test) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition poison = WorkflowDefinition.named("poison")
                .task("t", context -> runs.incrementAndGet())
                .build();
        WorkflowDefinition good =
                WorkflowDefinition.named("good").task("t", context -> {}).build();
        try (Engine engine = Engine.builder(test.url())
                .workflow(poison)
                .workflow(good)
                .lease(Duration.ofSeconds(1))
                .start()) {
            refuse(test, "BEFORE UPDATE", "task_executions", "NEW.pipeline_name = 'poison'", "P0001");
            UUID bad = engine.submit("poison", Map.of());
            for (int i = 0; i < 20; i++) {
                assertThat(engine.await(engine.submit("good", Map.of())).status())
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(engine.await(bad, Duration.ofSeconds(3))).isEmpty();
            assertThat(runs).hasValue(1);

            refuseNoMore(test, "task_executions");

            assertThat(engine.await(bad).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(bad).get(0).error()).contains("on purpose");
            assertThat(runs).hasValue(1);
        }
    }

    @DatabaseTest
    void a_child_that_cannot_be_stored_fails_the_attempt_that_hands_its_work_over(TestDatabase test) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task(
                        "t",
                        context -> {
                            runs.incrementAndGet();
                            context.output(Map.of());
                        },
                        task -> task.child("poison").retry(TWICE))
                .build();
        WorkflowDefinition poison =
                WorkflowDefinition.named("poison").task("t", context -> {}).build();
        try (Engine engine =
                Engine.builder(test.url()).workflow(parent).workflow(poison).start()) {
            refuse(test, "BEFORE INSERT", "pipeline_executions", "NEW.pipeline_name = 'poison'", "P0001");
            UUID id = engine.submit("parent", Map.of());

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(0).status()).isEqualTo(TaskStatus.FAILED);
            assertThat(runs).hasValue(2);
        }
    }

    @DatabaseTest
    void a_schedule_whose_executions_cannot_be_stored_keeps_no_other_from_firing(TestDatabase test) {
        WorkflowDefinition poison =
                WorkflowDefinition.named("poison").task("t", context -> {}).build();
        WorkflowDefinition good =
                WorkflowDefinition.named("good").task("t", context -> {}).build();
        try (Engine engine =
                Engine.builder(test.url()).workflow(poison).workflow(good).start()) {
            refuse(test, "BEFORE INSERT", "pipeline_executions", "NEW.pipeline_name = 'poison'", "P0001");
            for (int i = 0; i < 3; i++) {
                engine.schedules().put(Schedule.of("bad " + i, "poison").cron("* * * * * *"));
                engine.schedules().put(Schedule.of("good " + i, "good").cron("* * * * * *"));
            }
            EngineParts.until(
                    "the others fire again and again",
                    () -> engine.schedules().history("good 0", 10).size() >= 2
                            && engine.schedules().history("good 1", 10).size() >= 2
                            && engine.schedules().history("good 2", 10).size() >= 2);
            assertThat(engine.schedules().history("bad 0", 10)).isEmpty();
            assertThat(engine.schedules().find("bad 0").orElseThrow().isEnabled())
                    .isTrue();
        }
    }

    @DatabaseTest
    void a_schedule_that_is_never_unique_is_refused(TestDatabase test) {
        WorkflowDefinition workflow =
                WorkflowDefinition.named("w").task("t", context -> {}).build();
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            EngineParts.execute(test, "CREATE UNIQUE INDEX one_of_each ON cron_schedules (workflow_name)");
            engine.schedules().put(Schedule.of("a", "w").cron("0 0 * * *"));
            assertThatThrownBy(
                            () -> engine.schedules().put(Schedule.of("b", "w").cron("0 0 * * *")))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.code()).isEqualTo("DATABASE_UNIQUE"));
        }
    }
}
