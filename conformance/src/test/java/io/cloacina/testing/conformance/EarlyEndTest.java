package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.AesGcmCodec;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.PayloadUnreadableException;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/** Executions that end early and let their rules decide how: by a deadline, or by a cancellation with compensation. */
@Timeout(60)
class EarlyEndTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<String> ran = Collections.synchronizedList(new ArrayList<>());

    private TaskBody notes() {
        return context -> ran.add(context.taskName());
    }

    private static TriggerRule ifFailed(String task) {
        return TriggerRule.all(TriggerCondition.taskFailed(task));
    }

    /** Pays, waits for an approval, then ships; refunds if that is not to be. */
    private WorkflowDefinition.Builder order() {
        return WorkflowDefinition.named("order")
                .task("pay", notes())
                .task("approve", notes(), task -> task.after("pay").signal("approval"))
                .task("ship", notes(), task -> task.after("approve"))
                .task("refund", notes(), task -> task.after("approve").when(ifFailed("approve")))
                .task("tell", notes(), task -> task.after("refund"));
    }

    private static TestEngine engine(TestDatabase database, WorkflowDefinition... workflows) {
        TestEngine.Builder builder = TestEngine.on(database.url());
        for (WorkflowDefinition workflow : workflows) {
            builder.workflow(workflow);
        }
        return builder.start();
    }

    @DatabaseTest
    void what_is_active_at_the_deadline_fails_and_what_reacts_runs(TestDatabase database) {
        try (TestEngine engine = engine(database, order().deadline(HOUR).build())) {
            UUID id = engine.submit("order");
            engine.tick();
            assertThat(engine.execution(id).deadline()).isEqualTo(ManualClock.DEFAULT_START.plus(HOUR));
            engine.advance(HOUR.minusSeconds(1));
            assertThat(engine, id).isRunning().hasTask("approve").waiting();

            engine.advance(Duration.ofSeconds(1));

            assertThat(engine, id)
                    .isFailed()
                    .because("failed tasks: approve")
                    .skipped("ship")
                    .and()
                    .hasTask("approve")
                    .failed()
                    .because("the deadline of the execution passed");
            assertThat(engine.execution(id).stoppedAt()).isEqualTo(ManualClock.DEFAULT_START.plus(HOUR));
            assertThat(ran).containsExactly("pay", "refund", "tell");
        }
    }

    @DatabaseTest
    void a_deadline_passes_once_and_what_reacts_takes_as_long_as_it_needs(TestDatabase database) {
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .task("wait", notes(), task -> task.signal("never"))
                .task(
                        "react",
                        notes(),
                        task -> task.after("wait").when(ifFailed("wait")).sleep(Duration.ofDays(3)))
                .deadline(HOUR)
                .build();
        try (TestEngine engine = engine(database, slow)) {
            UUID id = engine.submit("slow");
            engine.tick();
            engine.advance(HOUR);
            engine.advance(Duration.ofDays(2));
            assertThat(engine, id).isRunning().hasTask("react").waiting();

            engine.advance(Duration.ofDays(1));
            assertThat(engine, id).isFailed().hasTask("react").completed();
        }
    }

    @DatabaseTest
    void the_deadline_of_a_submission_wins(TestDatabase database) {
        try (TestEngine engine = engine(database, order().deadline(HOUR).build())) {
            Instant start = ManualClock.DEFAULT_START;
            UUID longer = engine.submit(Submission.of("order").deadline(Duration.ofHours(2)));
            UUID until = engine.submit(Submission.of("order").deadline(start.plusSeconds(60)));
            UUID past = engine.submit(Submission.of("order").deadline(start.minusSeconds(60)));
            UUID later = engine.submit(Submission.of("order").delay(HOUR));

            assertThat(engine.execution(longer).deadline()).isEqualTo(start.plusSeconds(7200));
            assertThat(engine.execution(until).deadline()).isEqualTo(start.plusSeconds(60));
            assertThat(engine.execution(later).deadline()).isEqualTo(start.plusSeconds(7200));
            engine.tick();
            assertThat(engine, past).isFailed();
            engine.advance(Duration.ofSeconds(60));
            assertThat(engine, until).isFailed();
            engine.advance(HOUR);
            assertThat(engine, longer).isRunning();
            engine.advance(HOUR);
            assertThat(engine, longer).isFailed();
            assertThat(engine, later).isFailed().hasTask("pay").completed();
        }
    }

    @DatabaseTest
    void retries_that_wait_elements_and_children_are_stopped(TestDatabase database) {
        WorkflowDefinition child = WorkflowDefinition.named("child")
                .task("book", notes())
                .task("hold", notes(), task -> task.after("book").signal("never"))
                .task("unbook", notes(), task -> task.after("hold").when(ifFailed("hold")))
                .build();
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task(
                        "flaky",
                        context -> {
                            throw new IllegalStateException("again");
                        },
                        task -> task.retry(RetryPolicy.fixed(5, Duration.ofDays(1))))
                .task("each", notes(), task -> task.forEach("list").limit(Limit.starts(1, HOUR)))
                .task("call", context -> context.output(Map.of()), task -> task.child("child"))
                .task(
                        "react",
                        notes(),
                        task -> task.after("flaky", "each", "call")
                                .when(TriggerRule.all(
                                        TriggerCondition.taskFailed("flaky"),
                                        TriggerCondition.taskFailed("each"),
                                        TriggerCondition.taskFailed("call"))))
                .build();
        try (TestEngine engine = engine(database, parent, child)) {
            UUID id = engine.submit(Submission.of("parent")
                    .input(Map.of("list", List.of(1, 2, 3)))
                    .deadline(Duration.ofMinutes(1)));
            engine.tick();
            UUID inner = engine.engine()
                    .list(ExecutionQuery.all().workflow("child").unfinished())
                    .get(0)
                    .id();
            engine.advance(Duration.ofMinutes(1));

            assertThat(engine, id).isFailed().hasTask("react").completed();
            assertThat(engine.tasks(id))
                    .filteredOn(task -> task.name().startsWith("each["))
                    .extracting(task -> task.status())
                    .containsExactlyInAnyOrder(TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.FAILED);
            assertThat(engine, inner).isCancelled().hasTask("unbook").completed();
        }
    }

    @DatabaseTest
    void a_deadline_waits_while_its_execution_is_paused(TestDatabase database) {
        try (TestEngine engine = engine(database, order().deadline(HOUR).build())) {
            UUID id = engine.submit("order");
            engine.tick();
            engine.engine().pause(id, "lunch");
            engine.advance(HOUR.multipliedBy(2));
            assertThat(engine, id).isPaused().hasTask("approve").waiting();

            engine.engine().resume(id);
            engine.tick();
            assertThat(engine, id).isFailed().hasTask("refund").completed();
        }
    }

    @DatabaseTest
    void a_restart_has_a_new_deadline_and_a_retry_has_none(TestDatabase database) {
        try (TestEngine engine = engine(database, order().deadline(HOUR).build())) {
            UUID id = engine.submit("order");
            engine.tick();
            engine.advance(HOUR);
            assertThat(engine, id).isFailed();
            UUID again = engine.engine().restart(Restart.of(id).from("approve"));
            assertThat(engine.execution(again).deadline())
                    .isEqualTo(ManualClock.DEFAULT_START.plus(HOUR.multipliedBy(2)));

            engine.engine().retry(id, RetryMode.evenAfterCompensation());
            engine.advance(HOUR);
            assertThat(engine, again).isFailed();
            assertThat(engine, id).isRunning();
            assertThat(engine.execution(id).deadline()).isNull();
        }
    }

    @DatabaseTest
    void cancelling_with_compensation_lets_the_rules_react_and_ends_as_cancelled(TestDatabase database) {
        try (TestEngine engine = engine(database, order().build())) {
            UUID id = engine.submit("order");
            engine.tick();

            engine.engine().cancel(id, Cancel.withCompensation());
            assertThat(engine, id).isRunning().hasTask("approve").failed().because("cancelled with compensation");
            engine.engine().cancel(id, Cancel.withCompensation());
            engine.tick();

            assertThat(engine, id).isCancelled().skipped("ship");
            assertThat(engine.execution(id).error()).isNull();
            assertThat(ran).containsExactly("pay", "refund", "tell");
            engine.engine().cancel(id, Cancel.withCompensation());
        }
    }

    @DatabaseTest
    void cancelling_at_once_ends_a_compensation(TestDatabase database) {
        try (TestEngine engine = engine(database, order().build())) {
            UUID id = engine.submit("order");
            engine.tick();
            engine.engine().cancel(id, Cancel.withCompensation());
            engine.engine().cancel(id);
            engine.tick();

            assertThat(engine, id).isCancelled().hasTask("refund").cancelled();
            assertThat(ran).containsExactly("pay");
        }
    }

    @DatabaseTest
    void what_never_began_is_cancelled_with_compensation_too_and_without_reactions_at_once(TestDatabase database) {
        WorkflowDefinition plain = WorkflowDefinition.named("plain")
                .task("one", notes())
                .task("two", notes(), task -> task.after("one"))
                .build();
        try (TestEngine engine = engine(database, plain, order().build())) {
            UUID id = engine.submit(Submission.of("plain").delay(HOUR));
            engine.engine().cancel(id, Cancel.withCompensation());
            assertThat(engine, id)
                    .isCancelled()
                    .skipped("two")
                    .and()
                    .hasTask("one")
                    .failed();

            UUID paused = engine.submit("order");
            engine.engine().pause(paused, null);
            engine.engine().cancel(paused, Cancel.withCompensation());
            assertThat(engine, paused).isCancelled().hasTask("pay").failed();
            UUID done = engine.run(Submission.of("plain")).id();
            assertThatThrownBy(() -> engine.engine().cancel(done, Cancel.withCompensation()))
                    .isInstanceOf(ExecutionStateException.class);
            assertThat(ran).containsExactly("one", "two");
        }
    }

    @DatabaseTest
    void a_cancellation_after_the_deadline_leaves_what_reacts_alone(TestDatabase database) {
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .task("wait", notes(), task -> task.signal("never"))
                .task(
                        "react",
                        notes(),
                        task -> task.after("wait").when(ifFailed("wait")).sleep(HOUR))
                .deadline(HOUR)
                .build();
        try (TestEngine engine = engine(database, slow)) {
            UUID id = engine.submit("slow");
            engine.tick();
            engine.advance(HOUR);
            engine.engine().cancel(id, Cancel.withCompensation());
            assertThat(engine, id).isRunning();
            engine.advance(HOUR);
            assertThat(engine, id).isCancelled().hasTask("react").completed();
        }
    }

    @DatabaseTest
    void a_running_body_is_interrupted_and_what_reacts_is_not(TestDatabase database) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        WorkflowDefinition endless = WorkflowDefinition.named("endless")
                .task("run", context -> {
                    begun.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                })
                .task("react", notes(), task -> task.after("run").when(ifFailed("run")))
                .build();
        try (Engine engine = Engine.builder(database.url()).workflow(endless).start()) {
            UUID id = engine.submit(Submission.of("endless").deadline(Duration.ofMillis(50)));
            Execution ended = engine.await(id);
            assertThat(ended).isFailed();
            assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(engine, id).hasTask("react").completed();

            UUID second = engine.submit(Submission.of("endless"));
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            engine.cancel(second, Cancel.withCompensation());
            assertThat(engine.await(second)).isCancelled();
            assertThat(engine, second).hasTask("react").completed();
        }
    }

    /** Fails at once, and takes its time to undo that. */
    private WorkflowDefinition.Builder undoing() {
        return WorkflowDefinition.named("undoing")
                .task("pay", context -> {
                    throw new IllegalStateException("no money");
                })
                .task("wait", notes(), task -> task.signal("never"))
                .task(
                        "undo",
                        notes(),
                        task -> task.after("pay").when(ifFailed("pay")).sleep(HOUR.multipliedBy(2)))
                .task("tell", notes(), task -> task.after("undo").sleep(HOUR.multipliedBy(2)));
    }

    @DatabaseTest
    void what_reacts_to_an_earlier_failure_is_not_stopped(TestDatabase database) {
        try (TestEngine engine =
                engine(database, undoing().deadline(HOUR.multipliedBy(3)).build())) {
            UUID passes = engine.submit("undoing");
            UUID cancelled = engine.submit("undoing");
            engine.tick();
            engine.advance(HOUR);
            engine.engine().cancel(cancelled, Cancel.withCompensation());
            assertThat(engine, cancelled)
                    .isRunning()
                    .hasTask("wait")
                    .failed()
                    .and()
                    .hasTask("undo")
                    .waiting();
            engine.advance(HOUR.multipliedBy(2));
            assertThat(engine, passes)
                    .isRunning()
                    .hasTask("wait")
                    .failed()
                    .and()
                    .hasTask("tell")
                    .waiting();
            engine.advance(HOUR.multipliedBy(2));

            assertThat(engine, passes).isFailed().hasTask("tell").completed();
            assertThat(engine, cancelled).isCancelled().hasTask("tell").completed();
            assertThat(ran).containsExactly("undo", "undo", "tell", "tell");
        }
    }

    @DatabaseTest
    void where_only_what_reacts_is_active_nothing_fails_and_a_cancellation_counts(TestDatabase database) {
        WorkflowDefinition undoing = WorkflowDefinition.named("undoing")
                .task("pay", context -> {
                    throw new IllegalStateException("no money");
                })
                .task(
                        "undo",
                        notes(),
                        task -> task.after("pay").when(ifFailed("pay")).sleep(HOUR.multipliedBy(2)))
                .deadline(HOUR)
                .build();
        try (TestEngine engine = engine(database, undoing)) {
            UUID passes = engine.submit("undoing");
            UUID cancelled = engine.submit("undoing");
            engine.tick();
            engine.engine().cancel(cancelled, Cancel.withCompensation());
            engine.advance(HOUR);
            assertThat(engine, passes).isRunning().hasTask("undo").waiting();
            assertThat(engine, cancelled).isRunning().hasTask("undo").waiting();
            engine.advance(HOUR);

            assertThat(engine, passes).isFailed().hasTask("undo").completed();
            assertThat(engine, cancelled).isCancelled().hasTask("undo").completed();
        }
    }

    @DatabaseTest
    void a_stopped_attempt_is_told_with_its_runner_also_when_the_execution_is_retried(TestDatabase database)
            throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean again = new AtomicBoolean();
        WorkflowDefinition endless = WorkflowDefinition.named("endless")
                .task("run", context -> {
                    if (!again.get()) {
                        begun.countDown();
                        new CountDownLatch(1).await();
                    }
                })
                .build();
        try (Engine engine = Engine.builder(database.url()).workflow(endless).start()) {
            UUID id = engine.submit(Submission.of("endless").deadline(Duration.ofMillis(200)));
            assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(engine.await(id)).isFailed();
            again.set(true);
            engine.retry(id);
            assertThat(engine.await(id)).isCompleted();

            List<TaskAttempt> attempts = engine.attempts(id);
            assertThat(attempts)
                    .extracting(TaskAttempt::attempt, TaskAttempt::outcome)
                    .containsExactly(tuple(1, AttemptOutcome.FAILED), tuple(2, AttemptOutcome.COMPLETED));
            assertThat(attempts.get(0).error()).contains("the deadline of the execution passed");
            assertThat(attempts.get(0).pid()).isEqualTo(ProcessHandle.current().pid());
        }
    }

    @DatabaseTest
    void a_retry_forgets_that_the_execution_was_to_be_cancelled(TestDatabase database) {
        AtomicBoolean fails = new AtomicBoolean();
        WorkflowDefinition workflow = WorkflowDefinition.named("order")
                .task("approve", notes(), task -> task.signal("approval"))
                .task(
                        "refund",
                        context -> {
                            if (fails.get()) {
                                throw new IllegalStateException("no bank");
                            }
                        },
                        task -> task.after("approve").when(TriggerRule.always()))
                .build();
        try (TestEngine engine = engine(database, workflow)) {
            UUID id = engine.submit("order");
            engine.tick();
            engine.engine().cancel(id, Cancel.withCompensation());
            // As if nobody had had its code for long.
            Rows.run(database, "UPDATE task_executions SET status = 'Cancelled' WHERE task_name = 'refund'");
            Rows.run(database, "UPDATE pipeline_executions SET status = 'Failed', completed_at = updated_at");
            engine.engine().retry(id, RetryMode.evenAfterCompensation());
            engine.engine().signal(id, "approval", null);
            fails.set(true);
            engine.tick();

            assertThat(engine, id).isFailed();
        }
    }

    @DatabaseTest
    void who_cannot_decode_what_a_rule_looks_at_cannot_cancel_and_fails_nothing(TestDatabase database) {
        WorkflowDefinition order = WorkflowDefinition.named("order")
                .version("1")
                .task("wait", notes(), task -> task.signal("never"))
                .task(
                        "refund",
                        notes(),
                        task -> task.after("wait")
                                .when(TriggerRule.all(
                                        TriggerCondition.taskFailed("wait"),
                                        TriggerCondition.contextValue("paid", ValueOperator.EQUALS, true))))
                .build();
        Consumer<EngineBuilder> keyed =
                builder -> builder.payloadCodec(AesGcmCodec.of(new byte[32], "k1", new byte[32]));
        UUID id;
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(order).configure(keyed).start()) {
            id = engine.submit("order", Map.of("paid", true));
            engine.tick();
        }
        try (TestEngine engine = engine(database, order)) {
            assertThatThrownBy(() -> engine.engine().cancel(id, Cancel.withCompensation()))
                    .isInstanceOf(PayloadUnreadableException.class);
            assertThat(engine, id).isRunning().hasTask("wait").waiting();
        }
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(order).configure(keyed).start()) {
            engine.engine().cancel(id, Cancel.withCompensation());
            engine.tick();
            assertThat(engine, id).isCancelled().hasTask("refund").completed();
        }
    }
}
