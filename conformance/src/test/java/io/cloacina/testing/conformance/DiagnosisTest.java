package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.InFlight;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.Reason.Kind;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Status;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/** What an operator is told: how all is, and why a task does not run. */
@Timeout(120)
class DiagnosisTest {
    private static final Duration LONG = Duration.ofHours(5);

    private static void nothing(TaskContext context) {}

    private static WorkflowDefinition.Builder named(String name) {
        return WorkflowDefinition.named(name).version("1");
    }

    /** Has all that a task can wait for. */
    private static WorkflowDefinition waits() {
        return named("waits")
                .task(
                        "approval",
                        DiagnosisTest::nothing,
                        task -> task.signal("yes").within(Duration.ofHours(1)))
                .task("after", DiagnosisTest::nothing, task -> task.after("approval"))
                .task("nap", DiagnosisTest::nothing, task -> task.sleep(Duration.ofHours(2)))
                .build();
    }

    private static TestEngine.Builder on(TestDatabase database) {
        return TestEngine.on(database.url()).configure(builder -> builder.lease(LONG));
    }

    @DatabaseTest
    void nothing_is_wrong_where_nothing_happens(TestDatabase database) {
        try (TestEngine engine = on(database).workflow(waits()).start()) {
            Status status = engine.engine().status();

            assertThat(status.isHealthy()).as(status.toString()).isTrue();
            assertThat(status.runners()).singleElement().satisfies(runner -> {
                assertThat(runner.isAlive()).isTrue();
                assertThat(runner.isClosing()).isFalse();
                assertThat(runner.slots()).isPositive();
                assertThat(runner.used().isZero()).isTrue();
                assertThat(runner.workflows()).containsExactly("waits@1");
            });
            assertThat(status.ready()).hasToString("0");
            assertThat(status.oldestReadyAt()).isNull();
            assertThat(status.database().bytes()).isPositive();
            assertThat(status.database().deadRows() == null)
                    .isEqualTo(status.database().backend() == Backend.SQLITE);
            assertThat(status.schemaDifferences()).isEmpty();
        }
    }

    @DatabaseTest
    void what_waits_is_counted_by_what_it_waits_for_and_each_task_tells_why(TestDatabase database) {
        WorkflowDefinition child = named("child")
                .task("asked", DiagnosisTest::nothing, task -> task.signal("answer"))
                .build();
        WorkflowDefinition parent = named("parent")
                .task("hand", context -> context.output(Map.of()), task -> task.child("child"))
                .build();
        WorkflowDefinition list = named("list")
                .task(
                        "each",
                        context -> context.output(Map.of()),
                        task -> task.forEach("all").child("child"))
                .build();
        try (TestEngine engine = on(database)
                .workflow(waits())
                .workflow(child)
                .workflow(parent)
                .workflow(list)
                .start()) {
            UUID id = engine.submit("waits");
            UUID parentId = engine.submit("parent");
            UUID listId = engine.submit("list", Map.of("all", List.of(1, 2)));
            engine.tick();

            Status.Waiting waiting = engine.engine().status().waiting();

            assertThat(waiting)
                    .isEqualTo(new Status.Waiting(
                            new Count(4, false), new Count(3, false), new Count(1, false), new Count(1, false)));
            try (Engine client = Diagnoses.client(database)) {
                assertThat(client.why(id))
                        .extracting(Reason::taskName, Reason::kind)
                        .containsExactly(
                                tuple("approval", Kind.SIGNAL),
                                tuple("after", Kind.DEPENDENCY),
                                tuple("nap", Kind.TIME));
                Reason signal = Diagnoses.reason(client, id, "approval");
                assertThat(signal.sentence())
                        .startsWith("waits for signal 'yes' since 2026-")
                        .contains(", until 2026-");
                assertThat(signal.until()).isEqualTo(engine.clock().instant().plus(Duration.ofHours(1)));
                assertThat(Diagnoses.reason(client, id, "after").sentence())
                        .isEqualTo("waits for task 'approval', which is waiting");
                assertThat(Diagnoses.reason(client, parentId, "hand")).satisfies(handed -> {
                    assertThat(handed.kind()).isEqualTo(Kind.CHILD);
                    assertThat(handed.sentence()).endsWith(" of workflow 'child', which is running");
                    assertThat(client.find(UUID.fromString(handed.data().get("child"))))
                            .isPresent();
                });
                assertThat(Diagnoses.reason(client, listId, "each").kind()).isEqualTo(Kind.LIST);
                assertThat(Diagnoses.reason(client, listId, "each").sentence())
                        .isEqualTo("waits for 2 runs for elements of its list");
                assertThat(Diagnoses.reason(client, listId, "each").data()).containsEntry("left", "2");
                assertThat(Diagnoses.reason(client, listId, "each[0]").kind()).isEqualTo(Kind.CHILD);
                UUID unknown = new UUID(1, 2);
                assertThatThrownBy(() -> client.why(unknown)).isInstanceOf(UnknownExecutionException.class);
            }
        }
    }

    @DatabaseTest
    void a_pause_a_retry_and_a_start_tell_until_when(TestDatabase database) {
        WorkflowDefinition failing = named("failing")
                .task(
                        "fail",
                        context -> {
                            throw new IllegalStateException("no");
                        },
                        task -> task.retry(RetryPolicy.fixed(3, Duration.ofMinutes(10))))
                .build();
        try (TestEngine engine = on(database).workflow(failing).start()) {
            UUID retried = engine.submit("failing");
            engine.tick();
            UUID later = engine.submit(Submission.of("failing").delay(Duration.ofHours(1)));
            UUID paused = engine.submit("failing");
            engine.engine().pause(paused, "month end");

            Reason retry = Diagnoses.reason(engine.engine(), retried, "fail");
            assertThat(retry.kind()).isEqualTo(Kind.RETRY);
            assertThat(retry.sentence()).startsWith("failed; attempt 2 of 3 begins at ");
            assertThat(Diagnoses.reason(engine.engine(), later, "fail").kind()).isEqualTo(Kind.START);
            Reason held = Diagnoses.reason(engine.engine(), paused, "fail");
            assertThat(held.kind()).isEqualTo(Kind.PAUSED);
            assertThat(held.sentence()).endsWith(": month end");
            assertThat(engine.engine().status().paused()).isEqualTo(new Count(1, false));
            assertThat(engine.engine().status().isHealthy()).isTrue();

            engine.clock().advance(Duration.ofMinutes(12));

            Status status = engine.engine().status();
            assertThat(status.late()).isEqualTo(new Count(1, false));
            assertThat(Diagnoses.codes(status)).containsExactly(Problem.Code.DUE_LATE);
            engine.engine().resume(paused);
            engine.tick();
            assertThat(engine.engine().status().late().isZero()).isTrue();
        }
    }

    @DatabaseTest
    void a_full_limit_is_told_with_its_key_and_who_holds_it(TestDatabase database) {
        WorkflowDefinition limited = named("limited")
                .limit(Limit.atMost(1).per("customer"))
                .task("begin", DiagnosisTest::nothing)
                .task(
                        "wait",
                        DiagnosisTest::nothing,
                        task -> task.after("begin").signal("go"))
                .build();
        try (TestEngine engine = on(database).workflow(limited).start();
                Engine client = Diagnoses.client(database)) {
            UUID first = engine.submit("limited", Map.of("customer", "ada"));
            engine.tick();
            UUID second = engine.submit("limited", Map.of("customer", "ada"));
            engine.tick();

            Reason reason = Diagnoses.reason(client, second, "begin");
            assertThat(reason.kind()).isEqualTo(Kind.LIMIT);
            assertThat(reason.sentence())
                    .isEqualTo(
                            "the limit 'at once 1 per customer' of workflow 'limited' is full for \"ada\": it is held by "
                                    + first);
            assertThat(reason.data()).containsEntry("held_by", first.toString()).containsEntry("key", "\"ada\"");
            assertThat(engine.engine().status().limits()).singleElement().satisfies(full -> {
                assertThat(full.heldBy()).containsExactly(first);
                assertThat(full.key()).isEqualTo("\"ada\"");
                assertThat(full.waiting()).isEqualTo(new Count(1, false));
            });
            assertThat(engine.engine().status().isHealthy()).isTrue();

            engine.clock().advance(Duration.ofMinutes(6));

            assertThat(Diagnoses.codes(engine.engine().status())).containsExactly(Problem.Code.LIMIT_FULL);
            client.signal(first, "go", null);
            engine.tick();
            engine.tick();
            assertThat(engine.engine().status().limits()).isEmpty();
            assertThat(Diagnoses.reason(client, second, "wait").kind()).isEqualTo(Kind.SIGNAL);
        }
    }

    @DatabaseTest
    void a_version_that_no_live_runner_has_is_told_with_the_reason(TestDatabase database) {
        WorkflowDefinition other = WorkflowDefinition.named("waits")
                .version("2")
                .task("nap", DiagnosisTest::nothing)
                .build();
        UUID id;
        // A client without a clock of its own compares what is due with the present.
        ManualClock clock = new ManualClock(Clock.systemUTC().instant());
        try (TestEngine engine = on(database).clock(clock).workflow(waits()).start()) {
            id = engine.submit("waits");
            engine.tick();
            engine.engine().signal(id, "yes", null);
        }
        try (Engine client = Diagnoses.client(database)) {
            assertThat(Diagnoses.codes(client.status())).containsExactly(Problem.Code.NO_RUNNER);
            assertThat(Diagnoses.reason(client, id, "approval").kind()).isEqualTo(Kind.NO_RUNNER);
            try (TestEngine second = on(database).workflow(other).start()) {
                assertThat(second.engine().isRunning()).isTrue();
                Status status = client.status();

                assertThat(status.stranded()).singleElement().satisfies(stranded -> {
                    assertThat(stranded.version()).isEqualTo("1");
                    assertThat(stranded.executions()).isEqualTo(new Count(1, false));
                    assertThat(stranded.versions()).containsExactly("2");
                    assertThat(stranded.why()).isEqualTo("task 'approval' was removed");
                });
                assertThat(Diagnoses.codes(status)).containsExactly(Problem.Code.STRANDED);
                Reason reason = Diagnoses.reason(client, id, "approval");
                assertThat(reason.kind()).isEqualTo(Kind.NO_VERSION);
                assertThat(reason.sentence())
                        .isEqualTo(
                                "is ready, and no live runner has waits@1; live runners have waits@2; it cannot continue"
                                        + " with 2: task 'approval' was removed");
            }
            WorkflowDefinition pinned = WorkflowDefinition.named("waits")
                    .version("3")
                    .inFlight(InFlight.PINNED)
                    .task("nap", DiagnosisTest::nothing)
                    .build();
            try (TestEngine third = on(database).workflow(pinned).start()) {
                assertThat(third.engine().isRunning()).isTrue();
                assertThat(Diagnoses.reason(client, id, "approval").data())
                        .containsEntry("why", "its executions stay with the version that they began with");
            }
        }
    }

    @DatabaseTest
    void a_running_task_tells_where_and_one_in_line_what_comes_before(TestDatabase database) throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        WorkflowDefinition slow = named("slow")
                .task(
                        "work",
                        context -> {
                            running.countDown();
                            end.await();
                        },
                        task -> task.timeout(Duration.ofHours(1)))
                .build();
        try (Engine engine = Engine.builder(database.url())
                        .slots(1)
                        .lease(LONG)
                        .workflow(slow)
                        .start();
                Engine client = Diagnoses.client(database)) {
            UUID first = engine.submit("slow", Map.of());
            running.await();
            UUID second = engine.submit("slow", Map.of());
            UUID third = engine.submit("slow", Map.of());

            Reason runs = Diagnoses.reason(client, first, "work");
            assertThat(runs.kind()).isEqualTo(Kind.RUNNING);
            assertThat(runs.data())
                    .containsEntry("pid", String.valueOf(ProcessHandle.current().pid()));
            assertThat(runs.sentence()).startsWith("runs on host ").endsWith(" s left of its timeout");
            assertThat(Diagnoses.reason(client, second, "work").kind()).isEqualTo(Kind.SLOTS);
            assertThat(Diagnoses.reason(client, second, "work").data())
                    .containsEntry("slots", "1")
                    .containsEntry("before", "0");
            assertThat(Diagnoses.reason(client, third, "work").data()).containsEntry("before", "1");
            assertThat(client.status().runners().get(0).used()).isEqualTo(new Count(1, false));

            Rows.execute(database, "UPDATE runners SET lease_expires_at = heartbeat_at");

            assertThat(Diagnoses.codes(client.status()))
                    .containsExactly(Problem.Code.NO_RUNNER, Problem.Code.RUNNER_SILENT);
            assertThat(Diagnoses.reason(client, first, "work").kind()).isEqualTo(Kind.RUNNER_SILENT);
            assertThat(Diagnoses.reason(client, second, "work").kind()).isEqualTo(Kind.NO_RUNNER);
            end.countDown();
        }
    }

    @DatabaseTest
    void a_schedule_that_is_late_and_a_workflow_that_fails_are_told(TestDatabase database) {
        WorkflowDefinition failing = named("failing")
                .task("fail", context -> {
                    throw new IllegalStateException("no");
                })
                .build();
        try (TestEngine engine = on(database).workflow(failing).start()) {
            engine.engine().schedules().put(Schedule.of("nightly", "failing").cron("0 4 * * *"));
            for (int i = 0; i < 3; i++) {
                engine.submit("failing");
            }
            engine.tick();

            Status status = engine.engine().status();
            assertThat(status.activity())
                    .containsExactly(
                            new Status.Activity("failing", new Status.Ended(3, 0, 3), new Status.Ended(3, 0, 3)));
            assertThat(Diagnoses.codes(status)).containsExactly(Problem.Code.FAILING);

            engine.clock().advance(Duration.ofHours(2));

            Status later = engine.engine().status();
            assertThat(Diagnoses.codes(later)).containsExactly(Problem.Code.SCHEDULE_LATE);
            assertThat(later.lateSchedules()).singleElement().satisfies(late -> {
                assertThat(late.name()).isEqualTo("nightly");
                assertThat(late.hasRunner()).isTrue();
            });
            engine.tick();
            assertThat(engine.engine().status().lateSchedules()).isEmpty();
        }
    }

    @DatabaseTest
    void a_runner_whose_lease_is_over_decides_no_version(TestDatabase database) {
        try (TestEngine silent = on(database).workflow(waits()).start();
                Engine client = Diagnoses.client(database)) {
            on(database)
                    .workflow(WorkflowDefinition.named("waits")
                            .version("2")
                            .task("nap", DiagnosisTest::nothing)
                            .build())
                    .start()
                    .close();
            UUID before = client.submit("waits", Map.of());
            assertThat(client.find(before).orElseThrow().version()).isEqualTo("1");

            Rows.execute(database, "UPDATE runners SET lease_expires_at = heartbeat_at");

            UUID after = client.submit("waits", Map.of());
            assertThat(client.find(after).orElseThrow().version()).isEqualTo("2");
            assertThat(client.runners())
                    .singleElement()
                    .satisfies(runner -> assertThat(runner.isAlive()).isFalse());
            assertThat(silent.engine().isRunning()).isTrue();
        }
    }
}
