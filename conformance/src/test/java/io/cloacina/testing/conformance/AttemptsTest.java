package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AttemptsTest {
    private static TestEngine start(TestDatabase database, WorkflowDefinition... workflows) {
        TestEngine.Builder builder = TestEngine.on(database.url());
        for (WorkflowDefinition workflow : workflows) {
            builder.workflow(workflow);
        }
        return builder.start();
    }

    private static WorkflowDefinition trying(TaskBody body, RetryPolicy policy) {
        return WorkflowDefinition.named("trying")
                .task("try", body, task -> task.retry(policy))
                .build();
    }

    private static int stored(TestDatabase database) {
        return Rows.counts(database).getOrDefault("task_attempts", 0);
    }

    @DatabaseTest
    void a_task_that_succeeds_at_once_has_an_attempt_and_no_row_for_it(TestDatabase database) {
        try (TestEngine engine = start(database, trying(context -> {}, RetryPolicy.NONE))) {
            UUID id = engine.run("trying").id();

            TaskExecution task = engine.task(id, "try");
            assertThat(engine.engine().attempts(id))
                    .containsExactly(new TaskAttempt(
                            "try",
                            1,
                            AttemptOutcome.COMPLETED,
                            null,
                            null,
                            null,
                            Objects.requireNonNull(task.startedAt()),
                            task.completedAt(),
                            null));
            assertThat(stored(database)).isZero();
        }
    }

    @DatabaseTest
    void attempts_that_failed_are_told_with_runner_times_and_error_before_the_one_that_succeeded(
            TestDatabase database) {
        TaskBody twice = context -> {
            if (context.attempt() < 3) {
                throw new IllegalStateException("of attempt " + context.attempt(), new RuntimeException("the cause"));
            }
        };
        try (TestEngine engine = start(database, trying(twice, RetryPolicy.fixed(3, Duration.ofSeconds(30))))) {
            UUID id = engine.submit("trying");
            Instant first = engine.clock().instant();
            engine.tick();
            engine.advance(Duration.ofSeconds(30));
            engine.advance(Duration.ofSeconds(30));
            assertThat(engine, id).isCompleted();

            List<TaskAttempt> attempts = engine.engine().attempts(id);
            assertThat(attempts)
                    .extracting(TaskAttempt::outcome)
                    .containsExactly(AttemptOutcome.FAILED, AttemptOutcome.FAILED, AttemptOutcome.COMPLETED);
            assertThat(attempts).extracting(TaskAttempt::attempt).containsExactly(1, 2, 3);
            for (int i = 0; i < 2; i++) {
                TaskAttempt failed = attempts.get(i);
                assertThat(failed.startedAt()).isEqualTo(first.plusSeconds(30L * i));
                assertThat(failed.endedAt()).isEqualTo(failed.startedAt());
                assertThat(failed.runner()).isNotNull();
                assertThat(failed.host()).isNotBlank();
                assertThat(failed.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(failed.error())
                        .contains("of attempt " + failed.attempt(), "Caused by: ", "the cause", "\tat ");
            }
            assertThat(stored(database)).isEqualTo(2);
        }
    }

    @DatabaseTest
    void a_failure_for_good_keeps_its_runner_and_is_still_told_when_the_execution_is_retried(TestDatabase database) {
        AtomicBoolean fails = new AtomicBoolean(true);
        TaskBody body = context -> {
            if (fails.get()) {
                throw new IllegalStateException("for good");
            }
        };
        try (TestEngine engine = start(database, trying(body, RetryPolicy.NONE))) {
            UUID id = engine.run("trying").id();
            assertThat(engine, id).isFailed();
            List<TaskAttempt> failed = engine.engine().attempts(id);
            assertThat(failed).singleElement().satisfies(attempt -> {
                assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.FAILED);
                assertThat(attempt.runner()).isNotNull();
                assertThat(attempt.error()).contains("for good");
            });

            fails.set(false);
            engine.engine().retry(id, RetryMode.unlessCompensated());
            assertThat(engine.engine().attempts(id)).isEqualTo(failed);
            engine.tick();

            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().attempts(id))
                    .extracting(TaskAttempt::attempt, TaskAttempt::outcome)
                    .containsExactly(tuple(1, AttemptOutcome.FAILED), tuple(2, AttemptOutcome.COMPLETED));
        }
    }

    @DatabaseTest
    void of_a_task_that_is_tried_often_the_newest_hundred_are_kept_and_go_with_their_execution(TestDatabase database) {
        TaskBody failing = context -> {
            throw new IllegalStateException("attempt " + context.attempt());
        };
        WorkflowDefinition trying = trying(failing, RetryPolicy.fixed(103, Duration.ZERO));
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(trying)
                .configure(builder -> builder.retention(Duration.ofDays(1)))
                .start()) {
            UUID id = engine.run("trying").id();

            List<TaskAttempt> attempts = engine.engine().attempts(id);
            assertThat(attempts).hasSize(100);
            assertThat(attempts.get(0).attempt()).isEqualTo(4);
            assertThat(attempts.get(99).error()).contains("attempt 103");

            engine.advance(Duration.ofDays(2));
            assertThat(stored(database)).isZero();
        }
    }

    @DatabaseTest
    void what_took_too_long_timed_out(TestDatabase database) {
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .task("wait", context -> new CountDownLatch(1).await(), task -> task.timeout(Duration.ofMillis(10)))
                .build();
        try (TestEngine engine = start(database, slow)) {
            UUID id = engine.run("slow").id();

            assertThat(engine.engine().attempts(id))
                    .extracting(TaskAttempt::outcome)
                    .containsExactly(AttemptOutcome.TIMED_OUT);
        }
    }

    @DatabaseTest
    void while_a_task_runs_who_runs_it_is_told(TestDatabase database) {
        List<TaskAttempt> during = new ArrayList<>();
        Engine[] running = new Engine[1];
        TaskBody looking = context -> during.addAll(running[0].attempts(context.executionId()));
        try (TestEngine engine = start(database, trying(looking, RetryPolicy.NONE))) {
            running[0] = engine.engine();
            engine.run("trying");

            assertThat(during).singleElement().satisfies(attempt -> {
                assertThat(attempt.outcome()).isNull();
                assertThat(attempt.endedAt()).isNull();
                assertThat(attempt.pid()).isEqualTo(ProcessHandle.current().pid());
            });
        }
    }

    @DatabaseTest
    void a_body_that_waited_before_sees_its_first_attempt_and_so_does_everybody(TestDatabase database) {
        List<Integer> seen = new ArrayList<>();
        TaskBody once = context -> {
            seen.add(context.attempt());
            if (context.attempt() == 1) {
                throw new IllegalStateException("again");
            }
        };
        WorkflowDefinition waiting = WorkflowDefinition.named("waiting")
                .task("sleep", once, task -> task.sleep(Duration.ofHours(1)).retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .task("listen", once, task -> task.signal("go").retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .build();
        try (TestEngine engine = start(database, waiting)) {
            UUID id = engine.submit("waiting");
            engine.tick();
            assertThat(engine, id).hasTask("listen").waiting().onAttempt(0);
            assertThat(engine.engine().attempts(id)).isEmpty();
            engine.engine().signal(id, "go", null);
            engine.advance(Duration.ofHours(1));

            assertThat(engine, id).isCompleted();
            assertThat(seen).containsExactlyInAnyOrder(1, 1, 2, 2);
            assertThat(engine.tasks(id)).extracting(TaskExecution::attempt).containsExactly(2, 2);
            assertThat(engine.engine().attempts(id))
                    .extracting(TaskAttempt::attempt)
                    .containsExactly(1, 2, 1, 2);
        }
    }

    @DatabaseTest
    void an_attempt_lasts_while_its_child_runs(TestDatabase database) {
        WorkflowDefinition child = WorkflowDefinition.named("child")
                .task("c", context -> {}, task -> task.signal("go"))
                .build();
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task("hand-over", context -> context.output(Map.of()), task -> task.child("child"))
                .build();
        try (TestEngine engine = start(database, child, parent)) {
            UUID id = engine.submit("parent");
            engine.tick();
            assertThat(engine, id).hasTask("hand-over").waiting().onAttempt(1);
            assertThat(engine.engine().attempts(id)).singleElement().satisfies(attempt -> {
                assertThat(attempt.outcome()).isNull();
                assertThat(attempt.endedAt()).isNull();
            });
            engine.engine().signal(unfinishedChild(engine), "go", null);
            engine.tick();

            assertThat(engine, id)
                    .isCompleted()
                    .hasTask("hand-over")
                    .completed()
                    .onAttempt(1);
            assertThat(engine.task(id, "hand-over").status()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(stored(database)).isZero();
        }
    }

    @DatabaseTest
    void a_cancellation_counts_the_attempt_that_a_child_belongs_to(TestDatabase database) {
        WorkflowDefinition child = WorkflowDefinition.named("child")
                .task(
                        "c",
                        context -> {
                            if (context.signal(Boolean.class)) {
                                throw new IllegalStateException("no");
                            }
                        },
                        task -> task.signal("fails"))
                .build();
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task(
                        "hand-over",
                        context -> context.output(Map.of()),
                        task -> task.sleep(Duration.ofHours(1))
                                .child("child")
                                .retry(RetryPolicy.fixed(3, Duration.ofHours(1))))
                .build();
        for (boolean isReady : List.of(true, false)) {
            for (Cancel how : List.of(Cancel.immediately(), Cancel.withCompensation())) {
                try (TestEngine engine = start(database, child, parent)) {
                    UUID id = engine.submit("parent");
                    engine.tick();
                    engine.advance(Duration.ofHours(1));
                    end(engine, true);
                    assertThat(engine, id).hasTask("hand-over").onAttempt(1);
                    engine.advance(Duration.ofHours(1));
                    assertThat(engine, id).hasTask("hand-over").waiting().onAttempt(2);
                    if (isReady) {
                        // Its second child has ended, and nobody has continued it yet.
                        engine.engine().cancel(unfinishedChild(engine));
                        assertThat(engine, id).hasTask("hand-over").ready().onAttempt(2);
                    }
                    engine.engine().cancel(id, how);

                    assertThat(engine, id).isCancelled().hasTask("hand-over").onAttempt(2);
                    assertThat(engine.engine().attempts(id))
                            .extracting(TaskAttempt::attempt)
                            .containsExactly(1, 2);
                }
            }
        }
    }

    @DatabaseTest
    void an_attempt_that_is_stopped_while_its_child_runs_is_still_told_when_the_execution_is_retried(
            TestDatabase database) {
        WorkflowDefinition child = WorkflowDefinition.named("child")
                .task("c", context -> {}, task -> task.signal("go"))
                .build();
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task("hand-over", context -> context.output(Map.of()), task -> task.child("child"))
                .task("listen", context -> {}, task -> task.signal("never"))
                .build();
        for (boolean isReady : List.of(false, true)) {
            try (TestEngine engine = start(database, child, parent)) {
                Instant begun = engine.clock().instant();
                UUID id = engine.engine().submit(Submission.of("parent").deadline(Duration.ofHours(1)));
                engine.tick();
                if (isReady) {
                    // The child has ended, and nobody has continued the task yet.
                    engine.engine().cancel(unfinishedChild(engine));
                    assertThat(engine, id).hasTask("hand-over").ready().onAttempt(1);
                    engine.clock().advance(Duration.ofHours(1));
                    engine.engine().cancel(id, Cancel.withCompensation());
                    assertThat(engine, id).isCancelled();
                } else {
                    engine.advance(Duration.ofHours(1));
                    assertThat(engine, id).isFailed();
                }
                List<TaskAttempt> stopped = engine.engine().attempts(id);
                assertThat(stopped)
                        .as("what waited for a signal had not begun")
                        .singleElement()
                        .satisfies(attempt -> {
                            assertThat(attempt.taskName()).isEqualTo("hand-over");
                            assertThat(attempt.attempt()).isEqualTo(1);
                            assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.FAILED);
                            assertThat(attempt.runner()).isNull();
                            assertThat(attempt.startedAt()).isEqualTo(begun);
                            assertThat(attempt.endedAt()).isEqualTo(begun.plus(Duration.ofHours(1)));
                            assertThat(attempt.error()).isNotBlank();
                        });
                assertThat(stored(database)).isEqualTo(isReady ? 2 : 1);

                if (!isReady) {
                    engine.engine().retry(id, RetryMode.unlessCompensated());
                    assertThat(engine, id).hasTask("hand-over").ready();
                    assertThat(engine.engine().attempts(id)).isEqualTo(stopped);
                    engine.tick();
                    assertThat(engine.engine().attempts(id))
                            .extracting(TaskAttempt::taskName, TaskAttempt::attempt)
                            .containsExactly(tuple("hand-over", 1), tuple("hand-over", 2));
                    engine.engine().cancel(id);
                }
            }
        }
    }

    private static UUID unfinishedChild(TestEngine engine) {
        return engine.engine()
                .list(ExecutionQuery.all().workflow("child").unfinished())
                .get(0)
                .id();
    }

    private static void end(TestEngine engine, boolean fails) {
        engine.engine().signal(unfinishedChild(engine), "fails", fails);
        engine.tick();
    }
}
