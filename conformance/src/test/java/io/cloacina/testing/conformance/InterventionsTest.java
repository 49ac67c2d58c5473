package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Timeout;

/** Pause and resume, cancel, retry of what failed. */
@Timeout(60)
class InterventionsTest {
    private static final TaskBody NOTHING = context -> {};

    /** An engine by hand whose body "act" does something to its own execution. */
    private static final class Acting implements AutoCloseable {
        private final List<String> ran = new ArrayList<>();
        private final AtomicReference<TestEngine> engine = new AtomicReference<>();

        Acting(TestDatabase database, BiConsumer<Engine, UUID> act, boolean fails) {
            WorkflowDefinition acting = WorkflowDefinition.named("acting")
                    .task(
                            "act",
                            context -> {
                                ran.add("act " + context.attempt());
                                if (context.attempt() == 1) {
                                    act.accept(engine().engine(), context.executionId());
                                    if (fails) {
                                        throw new IllegalStateException("while it was done");
                                    }
                                }
                                context.put("acted", context.attempt());
                            },
                            task -> task.retry(RetryPolicy.fixed(2, Duration.ofMinutes(1))))
                    .task("beside", context -> ran.add("beside"), task -> task.priority(-1))
                    .task("after", context -> ran.add("after"), task -> task.after("act"))
                    .build();
            engine.set(TestEngine.on(database.url())
                    .workflow(acting)
                    .configure(builder -> builder.slots(1))
                    .start());
        }

        TestEngine engine() {
            return Objects.requireNonNull(engine.get());
        }

        @Override
        public void close() {
            engine().close();
        }
    }

    @DatabaseTest
    void nothing_of_a_paused_execution_starts_and_what_runs_goes_on(TestDatabase database) {
        try (Acting acting = new Acting(database, (engine, id) -> engine.pause(id, "lunch"), false)) {
            TestEngine engine = acting.engine();
            UUID id = engine.submit("acting");
            engine.tick();

            assertThat(engine, id).isPaused().hasTask("act").completed();
            assertThat(engine, id).hasTask("beside").ready().onAttempt(0);
            assertThat(engine, id).hasTask("after").ready().onAttempt(0);
            assertThat(engine.execution(id).pauseReason()).isEqualTo("lunch");
            engine.advance(Duration.ofDays(1));
            assertThat(acting.ran).containsExactly("act 1");

            engine.engine().resume(id);
            assertThat(engine, id).isRunning();
            assertThat(engine.execution(id).pauseReason()).isNull();
            engine.tick();
            assertThat(engine, id).isCompleted().hasOnlyCompletedTasks();
            assertThat(acting.ran).containsExactlyInAnyOrder("act 1", "after", "beside");
        }
    }

    @DatabaseTest
    void a_task_that_fails_while_its_execution_is_paused_is_not_tried_again_before_it_goes_on(TestDatabase database) {
        try (Acting acting = new Acting(database, (engine, id) -> engine.pause(id, null), true)) {
            TestEngine engine = acting.engine();
            UUID id = engine.submit("acting");
            engine.tick();
            engine.advance(Duration.ofHours(1));
            assertThat(engine, id)
                    .isPaused()
                    .hasTask("act")
                    .ready()
                    .onAttempt(1)
                    .because("while it was done");
            assertThat(acting.ran).containsExactly("act 1");

            engine.engine().resume(id);
            engine.tick();

            assertThat(engine, id).isCompleted().hasTask("act").completed().onAttempt(2);
        }
    }

    @DatabaseTest
    void a_retry_that_is_not_due_yet_when_its_execution_goes_on_waits_for_its_time(TestDatabase database) {
        try (Acting acting = new Acting(database, (engine, id) -> engine.pause(id, null), true)) {
            TestEngine engine = acting.engine();
            UUID id = engine.submit("acting");
            engine.tick();
            engine.engine().resume(id);
            engine.advance(Duration.ofSeconds(59));
            assertThat(engine, id).isRunning().hasTask("act").ready().onAttempt(1);

            engine.advance(Duration.ofSeconds(1));
            assertThat(engine, id).isCompleted();
        }
    }

    @DatabaseTest
    void what_was_paused_before_it_began_is_pending_again(TestDatabase database) {
        WorkflowDefinition simple =
                WorkflowDefinition.named("simple").task("do", NOTHING).build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(simple).start()) {
            UUID ready = engine.submit("simple");
            UUID delayed = engine.submit(Submission.of("simple").delay(Duration.ofHours(1)));
            for (UUID id : List.of(ready, delayed)) {
                engine.engine().pause(id, "first");
                engine.engine().pause(id, "again");
                assertThat(engine.execution(id).pauseReason()).isEqualTo("again");
            }
            engine.tick();
            assertThat(engine, ready).isPaused();

            engine.engine().resume(ready);
            engine.engine().resume(delayed);
            assertThat(engine, ready).isPending();
            engine.tick();
            assertThat(engine, ready).isCompleted();
            assertThat(engine, delayed).isPending();
            engine.advance(Duration.ofHours(1));
            assertThat(engine, delayed).isCompleted();
        }
    }

    @DatabaseTest
    void an_execution_whose_last_task_ends_while_it_is_paused_is_completed(TestDatabase database) {
        AtomicReference<TestEngine> engine = new AtomicReference<>();
        WorkflowDefinition last = WorkflowDefinition.named("last")
                .task(
                        "do",
                        context ->
                                Objects.requireNonNull(engine.get()).engine().pause(context.executionId(), "too late"))
                .build();
        try (TestEngine started = TestEngine.on(database.url()).workflow(last).start()) {
            engine.set(started);
            Execution done = started.run("last");

            assertThat(done).isCompleted();
            assertThat(done.pauseReason()).isNull();
        }
    }

    @DatabaseTest
    void a_repeated_pause_replaces_the_reason_and_a_repeated_resume_does_nothing(TestDatabase database) {
        WorkflowDefinition simple =
                WorkflowDefinition.named("simple").task("do", context -> {}).build();
        try (TestEngine test = TestEngine.on(database.url()).workflow(simple).start()) {
            Engine engine = test.engine();
            UUID id = test.submit("simple");
            engine.resume(id);
            assertThat(test, id).isPending();

            engine.pause(id);
            assertThat(test, id).isPaused();
            assertThat(test.execution(id).pauseReason()).isNull();
            engine.pause(id, "lunch");
            assertThat(test.execution(id).pauseReason()).isEqualTo("lunch");
            engine.pause(id);
            assertThat(test.execution(id).pauseReason()).isEqualTo("lunch");
            engine.pause(id, "dinner");
            assertThat(test.execution(id).pauseReason()).isEqualTo("dinner");

            engine.resume(id);
            engine.resume(id);
            assertThat(test, id).isPending();
            assertThat(test.execution(id).pauseReason()).isNull();
            test.tick();
            assertThat(test, id).isCompleted();
        }
    }

    @DatabaseTest
    void what_cannot_be_done_in_its_state_is_a_typed_error(TestDatabase database) {
        WorkflowDefinition simple = WorkflowDefinition.named("simple")
                .task("do", context -> {
                    if (context.find("fails", Boolean.class).orElse(false)) {
                        throw new IllegalStateException("as it should");
                    }
                })
                .build();
        try (TestEngine test = TestEngine.on(database.url()).workflow(simple).start()) {
            Engine engine = test.engine();
            UUID completed = test.run("simple").id();
            UUID failed = test.run("simple", Map.of("fails", true)).id();
            UUID cancelled = test.submit("simple");
            engine.cancel(cancelled);
            engine.cancel(cancelled);
            UUID pending = test.submit("simple");

            assertRefused(() -> engine.pause(completed, null), ExecutionStatus.COMPLETED, "paused");
            assertRefused(() -> engine.pause(failed), ExecutionStatus.FAILED, "paused");
            assertRefused(() -> engine.pause(cancelled), ExecutionStatus.CANCELLED, "paused");
            assertRefused(() -> engine.resume(completed), ExecutionStatus.COMPLETED, "resumed");
            assertRefused(() -> engine.cancel(completed), ExecutionStatus.COMPLETED, "cancelled");
            assertRefused(() -> engine.cancel(failed), ExecutionStatus.FAILED, "cancelled");
            assertRefused(() -> engine.retry(completed), ExecutionStatus.COMPLETED, "retried");
            assertRefused(() -> engine.retry(cancelled), ExecutionStatus.CANCELLED, "retried");
            assertRefused(() -> engine.retry(pending), ExecutionStatus.PENDING, "retried");

            UUID never = UUID.randomUUID();
            for (ThrowingCallable unknown : List.<ThrowingCallable>of(
                    () -> engine.pause(never),
                    () -> engine.resume(never),
                    () -> engine.cancel(never),
                    () -> engine.retry(never),
                    () -> engine.signal(never, "s", null),
                    () -> engine.signal(never, "s", null, "key"),
                    () -> engine.tasks(never),
                    () -> engine.attempts(never),
                    () -> engine.recoveries(never),
                    () -> engine.context(never),
                    () -> engine.await(never),
                    () -> engine.await(never, Duration.ZERO))) {
                assertThatThrownBy(unknown)
                        .isInstanceOf(UnknownExecutionException.class)
                        .hasMessageContaining(never.toString());
            }
            assertThat(engine.find(never)).isEmpty();
            assertThat(engine.recoveries(completed)).isEmpty();
            assertThat(test, completed).isCompleted();
            assertThat(test, failed).isFailed();
            test.tick();
            assertThat(test, pending).isCompleted();
        }
    }

    private static void assertRefused(ThrowingCallable asked, ExecutionStatus status, String what) {
        assertThatThrownBy(asked)
                .isInstanceOfSatisfying(
                        ExecutionStateException.class,
                        e -> assertThat(e.status()).isEqualTo(status))
                .hasMessageContaining("is " + status.label())
                .hasMessageContaining("cannot be " + what);
    }

    @DatabaseTest
    void bodies_of_a_cancelled_execution_are_interrupted_and_who_awaits_it_is_told_at_once(TestDatabase database)
            throws InterruptedException {
        CountDownLatch running = new CountDownLatch(2);
        CountDownLatch interrupted = new CountDownLatch(2);
        CountDownLatch letEnd = new CountDownLatch(1);
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        TaskBody hanging = context -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                // Still busy with what it has to clean up: who awaits the execution does not wait for that.
                letEnd.await();
            }
            context.put("too late", true);
        };
        WorkflowDefinition hang = WorkflowDefinition.named("hang")
                .task("one", hanging)
                .task("two", hanging)
                .task("waits for a slot", context -> ran.add(context.taskName()))
                .task("after", context -> ran.add(context.taskName()), task -> task.after("one"))
                .task(
                        "in any case",
                        context -> ran.add(context.taskName()),
                        task -> task.after("two").when(TriggerRule.always()))
                .build();
        WorkflowDefinition other =
                WorkflowDefinition.named("other").task("do", NOTHING).build();
        try (Engine engine = Engine.builder(database.url())
                .workflow(hang)
                .workflow(other)
                .slots(2)
                .start()) {
            UUID id = engine.submit("hang", Map.of());
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

            engine.cancel(id);

            assertThat(engine.await(id, Duration.ofSeconds(20)))
                    .get()
                    .satisfies(done -> assertThat(done).isCancelled());
            assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
            letEnd.countDown();
            // Their slots are free again.
            assertThat(engine.await(engine.submit("other", Map.of()))).isCompleted();
            assertThat(engine, id).isCancelled();
            for (String task : List.of("one", "two", "waits for a slot", "after", "in any case")) {
                assertThat(engine, id).hasTask(task).cancelled();
            }
            assertThat(engine.context(id).json()).isEqualTo("{}");
            assertThat(ran).isEmpty();
        }
    }

    @DatabaseTest
    void another_process_may_cancel(TestDatabase database) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        WorkflowDefinition hang = WorkflowDefinition.named("hang")
                .task("hang", context -> {
                    running.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.countDown();
                    }
                })
                .build();
        try (Engine one = Engine.builder(database.url())
                        .workflow(hang)
                        .lease(Duration.ofSeconds(3))
                        .start();
                Engine two = Engine.builder(database.url()).start()) {
            UUID id = one.submit("hang", Map.of());
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();

            two.cancel(id);

            assertThat(one.await(id)).isCancelled();
            assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @DatabaseTest
    void what_is_cancelled_by_its_own_body_stays_cancelled(TestDatabase database) {
        for (boolean fails : List.of(false, true)) {
            try (Acting acting = new Acting(database, Engine::cancel, fails)) {
                TestEngine engine = acting.engine();
                Execution done = engine.run("acting");
                assertThat(Thread.interrupted()).isFalse();
                engine.advance(Duration.ofHours(1));

                assertThat(engine, done.id()).isCancelled().hasTask("act").cancelled();
                assertThat(engine, done.id()).hasTask("after").cancelled();
                assertThat(acting.ran).containsExactly("act 1");
            }
        }
    }

    @DatabaseTest
    void what_is_paused_or_waits_for_a_time_can_be_cancelled(TestDatabase database) {
        List<String> ran = new ArrayList<>();
        WorkflowDefinition simple = WorkflowDefinition.named("simple")
                .task("do", context -> ran.add("do"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(simple).start()) {
            UUID paused = engine.submit("simple");
            engine.engine().pause(paused, "why not");
            UUID delayed = engine.submit(Submission.of("simple").delay(Duration.ofHours(1)));

            engine.engine().cancel(paused);
            engine.engine().cancel(delayed);
            engine.advance(Duration.ofDays(1));

            assertThat(engine, paused).isCancelled();
            assertThat(engine.execution(paused).pauseReason()).isNull();
            assertThat(engine, delayed).isCancelled();
            assertThat(ran).isEmpty();
        }
    }

    @DatabaseTest
    void retrying_what_failed_keeps_what_completed(TestDatabase database) {
        List<String> ran = new ArrayList<>();
        AtomicBoolean fails = new AtomicBoolean(true);
        WorkflowDefinition retried = WorkflowDefinition.named("retried")
                .task("good", context -> {
                    ran.add("good");
                    context.put("from good", context.get("input", Integer.class) + 1);
                })
                .task(
                        "bad",
                        context -> {
                            ran.add("bad");
                            if (fails.get()) {
                                throw new IllegalStateException("not yet");
                            }
                            context.put("from bad", context.get("from good", Integer.class) + 1);
                        },
                        task -> task.after("good").retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .task(
                        "after",
                        context -> {
                            ran.add("after");
                            context.put("from after", context.get("from bad", Integer.class) + 1);
                        },
                        task -> task.after("bad"))
                .task("end", context -> ran.add("end"), task -> task.after("after", "good"))
                .task(
                        "compensate",
                        context -> ran.add("compensate"),
                        task -> task.after("bad").when(TriggerRule.all(TriggerCondition.taskFailed("bad"))))
                .task(
                        "chosen against",
                        NOTHING,
                        task -> task.after("good").when(TriggerRule.all(TriggerCondition.taskFailed("good"))))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(retried).start()) {
            UUID id = engine.run("retried", Map.of("input", 1)).id();
            assertThat(engine, id).isFailed().hasTask("bad").failed().onAttempt(2);
            assertThat(engine, id).skipped("end");
            ran.clear();

            engine.engine().retry(id, RetryMode.evenAfterCompensation());
            assertThat(engine, id).isRunning().hasTask("bad").ready();
            assertThat(engine.execution(id).error()).isNull();
            engine.tick();
            assertThat(engine, id)
                    .isFailed()
                    .hasTask("bad")
                    .failed()
                    .onAttempt(4)
                    .because("not yet");
            assertThat(ran).containsExactly("bad", "bad");

            fails.set(false);
            ran.clear();
            engine.engine().retry(id, RetryMode.evenAfterCompensation());
            engine.tick();

            assertThat(engine, id).isCompleted().hasTask("bad").completed().onAttempt(5);
            assertThat(engine, id).hasTask("end").completed();
            assertThat(engine, id).hasTask("compensate").completed().onAttempt(1);
            assertThat(engine, id).skipped("chosen against");
            assertThat(ran).containsExactly("bad", "after", "end");
            assertThat(engine.engine().context(id).get("from after", Integer.class))
                    .isEqualTo(4);
        }
    }

    @DatabaseTest
    void a_retried_execution_ends_also_when_all_that_follows_had_completed(TestDatabase database) {
        AtomicBoolean fails = new AtomicBoolean(true);
        WorkflowDefinition compensated = WorkflowDefinition.named("compensated")
                .task("bad", context -> {
                    if (fails.get()) {
                        throw new IllegalStateException("not yet");
                    }
                })
                .task("in any case", NOTHING, task -> task.after("bad").when(TriggerRule.always()))
                .task(
                        "compensate",
                        NOTHING,
                        task -> task.after("bad").when(TriggerRule.all(TriggerCondition.taskFailed("bad"))))
                .task("follows", NOTHING, task -> task.after("in any case", "compensate"))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(compensated).start()) {
            UUID id = engine.run("compensated").id();
            assertThat(engine, id).isFailed().hasTask("follows").completed();

            engine.engine().retry(id, RetryMode.evenAfterCompensation());
            engine.tick();
            assertThat(engine, id).isFailed().hasTask("bad").failed().onAttempt(2);

            fails.set(false);
            engine.engine().retry(id, RetryMode.evenAfterCompensation());
            engine.tick();
            assertThat(engine, id).isCompleted().hasOnlyCompletedTasks();
            assertThat(engine, id).hasTask("follows").onAttempt(1);
        }
    }

    @DatabaseTest
    void a_retried_execution_does_not_end_before_all_of_it_has(TestDatabase database) {
        AtomicBoolean fails = new AtomicBoolean(true);
        TaskBody failing = context -> {
            if (fails.get() || context.attempt() == 3) {
                throw new IllegalStateException("not yet");
            }
        };
        WorkflowDefinition two = WorkflowDefinition.named("two")
                .task("inner", failing, task -> task.retry(RetryPolicy.fixed(2, Duration.ofHours(1))))
                .task("in any case", NOTHING, task -> task.after("inner").when(TriggerRule.always()))
                .task("leaf", failing)
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(two).start()) {
            UUID id = engine.submit("two");
            engine.tick();
            engine.advance(Duration.ofHours(1));
            assertThat(engine, id).isFailed().hasTask("inner").failed().onAttempt(2);
            fails.set(false);

            engine.engine().retry(id, RetryMode.evenAfterCompensation());
            engine.tick();
            assertThat(engine, id).isRunning().hasTask("leaf").completed().onAttempt(2);
            assertThat(engine, id).hasTask("inner").ready().onAttempt(3);

            engine.advance(Duration.ofHours(1));
            assertThat(engine, id).isCompleted().hasOnlyCompletedTasks();
        }
    }

    @DatabaseTest
    void what_follows_a_completed_task_stays_also_where_its_rule_names_a_failed_one(TestDatabase database) {
        AtomicBoolean fails = new AtomicBoolean(true);
        WorkflowDefinition far = WorkflowDefinition.named("far")
                .task("bad", context -> {
                    if (fails.get()) {
                        throw new IllegalStateException("not yet");
                    }
                })
                .task("always", NOTHING, task -> task.after("bad").when(TriggerRule.always()))
                .task(
                        "only if",
                        NOTHING,
                        task -> task.after("always").when(TriggerRule.all(TriggerCondition.taskCompleted("bad"))))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(far).start()) {
            UUID id = engine.run("far").id();
            assertThat(engine, id).isFailed().skipped("only if").because("TaskCompleted 'bad'");
            fails.set(false);

            engine.engine().retry(id, RetryMode.evenAfterCompensation());
            engine.tick();

            assertThat(engine, id).isCompleted().skipped("only if");
        }
    }

    @DatabaseTest
    void an_order_that_was_refunded_is_not_shipped_by_a_retry(TestDatabase database) {
        List<String> ran = new ArrayList<>();
        AtomicBoolean fails = new AtomicBoolean(true);
        WorkflowDefinition order = WorkflowDefinition.named("order")
                .task("pay", NOTHING)
                .task(
                        "ship",
                        context -> {
                            if (fails.get()) {
                                throw new IllegalStateException("no truck");
                            }
                            ran.add("ship");
                        },
                        task -> task.after("pay"))
                .task("thank", context -> ran.add("thank"), task -> task.after("ship"))
                .task(
                        "refund",
                        context -> ran.add("refund"),
                        task -> task.after("ship").when(TriggerRule.all(TriggerCondition.taskFailed("ship"))))
                .task("tell", context -> ran.add("tell"), task -> task.after("refund"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(order).start()) {
            UUID id = engine.run("order").id();
            assertThat(engine, id).isFailed().hasTask("refund").completed();
            fails.set(false);

            assertThatThrownBy(() -> engine.engine().retry(id))
                    .isInstanceOfSatisfying(ExecutionStateException.class, refused -> {
                        assertThat(refused.code()).isEqualTo("RETRY_AFTER_COMPENSATION");
                        assertThat(refused.status()).isEqualTo(ExecutionStatus.FAILED);
                    })
                    .hasMessageStartingWith("execution " + id + " of workflow 'order' is Failed and cannot be retried:"
                            + " tasks 'refund', 'tell' ran after the failure of task 'ship'");
            engine.tick();
            assertThat(engine, id).isFailed();
            assertThat(ran).containsExactly("refund", "tell");

            engine.engine().retry(id, RetryMode.evenAfterCompensation());
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(ran).containsExactly("refund", "tell", "ship", "thank");
        }
    }

    @DatabaseTest
    void a_refund_that_failed_has_run_too_and_one_that_was_skipped_has_not(TestDatabase database) {
        AtomicBoolean fails = new AtomicBoolean(true);
        TaskBody failing = context -> {
            if (fails.get()) {
                throw new IllegalStateException("not yet");
            }
        };
        TriggerRule ifNotShipped = TriggerRule.all(TriggerCondition.taskFailed("ship"));
        WorkflowDefinition tried = WorkflowDefinition.named("tried")
                .task("ship", failing)
                .task("refund", failing, task -> task.after("ship").when(ifNotShipped))
                .build();
        WorkflowDefinition asked = WorkflowDefinition.named("asked")
                .task("ship", failing)
                .task(
                        "refund",
                        NOTHING,
                        task -> task.after("ship")
                                .when(ifNotShipped)
                                .signal("approved")
                                .within(Duration.ofHours(1)))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(tried).workflow(asked).start()) {
            UUID ran = engine.run("tried").id();
            UUID waited = engine.submit("asked");
            engine.tick();
            engine.advance(Duration.ofHours(1));
            assertThat(engine, waited).isFailed().skipped("refund");
            fails.set(false);

            assertThatThrownBy(() -> engine.engine().retry(ran)).hasMessageContaining("task 'refund' ran after");
            engine.engine().retry(waited);
            engine.tick();
            assertThat(engine, waited).isCompleted().hasTask("ship").completed();
        }
    }
}
