package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskCallback;
import io.cloacina.api.TaskOutcome;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenersTest {
    private static final TaskBody NOTHING = context -> {};
    private static final TaskBody FAILING = context -> {
        throw new IllegalStateException("attempt " + context.attempt());
    };

    @DatabaseTest
    void a_callback_is_called_once_for_a_task_when_it_has_ended_for_good(TestDatabase database) {
        List<TaskOutcome> completed = new ArrayList<>();
        List<TaskOutcome> failed = new ArrayList<>();
        WorkflowDefinition calling = WorkflowDefinition.named("calling")
                .task(
                        "good",
                        context -> {
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("once");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ZERO))
                                .onCompleted(completed::add)
                                .onFailed(failed::add))
                .task(
                        "bad",
                        FAILING,
                        task -> task.retry(RetryPolicy.fixed(3, Duration.ZERO))
                                .onCompleted(completed::add)
                                .onFailed(failed::add))
                .task(
                        "skipped",
                        NOTHING,
                        task -> task.after("bad").onCompleted(completed::add).onFailed(failed::add))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(calling).start()) {
            UUID id = engine.run("calling").id();

            assertThat(engine, id).isFailed();
            assertThat(completed).containsExactly(new TaskOutcome(id, "calling", "good", 2, null));
            assertThat(failed).hasSize(1).first().satisfies(outcome -> {
                assertThat(outcome.taskName()).isEqualTo("bad");
                assertThat(outcome.attempt()).isEqualTo(3);
                assertThat(outcome.error())
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("attempt 3");
            });
        }
    }

    @DatabaseTest
    void a_callback_is_called_after_the_commit(TestDatabase database) {
        List<String> seen = new ArrayList<>();
        TaskCallback looking = outcome -> seen.addAll(Rows.texts(
                database, "SELECT status FROM task_executions WHERE task_name = '" + outcome.taskName() + "'"));
        WorkflowDefinition calling = WorkflowDefinition.named("calling")
                .task("good", NOTHING, task -> task.onCompleted(looking))
                .task("bad", FAILING, task -> task.onFailed(looking))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(calling).start()) {
            engine.run("calling");

            assertThat(seen).containsExactlyInAnyOrder("Completed", "Failed");
        }
    }

    @DatabaseTest
    void a_callback_or_listener_that_throws_changes_nothing(TestDatabase database) {
        TaskCallback throwing = outcome -> {
            throw new StackOverflowError("thrown by the test");
        };
        EngineListener listener = event -> {
            throw new AssertionError("thrown by the test");
        };
        List<EngineEvent> told = new ArrayList<>();
        WorkflowDefinition calling = WorkflowDefinition.named("calling")
                .task("good", context -> context.put("x", 1), task -> task.onCompleted(throwing))
                .task("next", NOTHING, task -> task.after("good").onCompleted(throwing))
                .task("bad", FAILING, task -> task.onFailed(throwing))
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(calling)
                .configure(builder -> builder.listener(listener).listener(told::add))
                .start()) {
            UUID id = engine.run("calling").id();

            assertThat(engine, id).isFailed().hasTask("next").completed().onAttempt(1);
            assertThat(engine.engine().context(id).json()).isEqualTo("{\"x\":1}");
            assertThat(told).isNotEmpty();
        }
    }

    @DatabaseTest
    void a_listener_hears_what_becomes_of_an_execution_in_order(TestDatabase database) {
        List<EngineEvent> told = new ArrayList<>();
        WorkflowDefinition telling = WorkflowDefinition.named("telling")
                .task("bad", FAILING, task -> task.retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .task("after", NOTHING, task -> task.after("bad"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(telling)
                .configure(builder -> builder.listener(told::add))
                .start()) {
            UUID id = engine.submit("telling");
            engine.engine().pause(id, "a moment");
            engine.engine().resume(id);
            engine.tick();
            engine.engine().retry(id);
            engine.engine().cancel(id);

            assertThat(told)
                    .extracting(event -> event.getClass().getSimpleName())
                    .containsExactly(
                            "ExecutionSubmitted",
                            "ExecutionPaused",
                            "ExecutionResumed",
                            "TaskStarted",
                            "TaskRetried",
                            "TaskStarted",
                            "TaskFailed",
                            "TaskSkipped",
                            "ExecutionEnded",
                            "ExecutionRetried",
                            "ExecutionEnded");
            assertThat(told).allSatisfy(event -> {
                assertThat(event.executionId()).isEqualTo(id);
                assertThat(event.workflow()).isEqualTo("telling");
            });
            assertThat(told.get(3)).isEqualTo(new EngineEvent.TaskStarted(id, "telling", "bad", 1));
            assertThat(told.get(7))
                    .isEqualTo(new EngineEvent.TaskSkipped(
                            id, "telling", "after", "skipped: its dependency 'bad' is Failed"));
            assertThat(told.get(8)).isEqualTo(new EngineEvent.ExecutionEnded(id, "telling", ExecutionStatus.FAILED));
            assertThat(told.get(10))
                    .isEqualTo(new EngineEvent.ExecutionEnded(id, "telling", ExecutionStatus.CANCELLED));
        }
    }

    @DatabaseTest
    void a_listener_that_hangs_delays_no_callback(TestDatabase database) throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        WorkflowDefinition calling = WorkflowDefinition.named("calling")
                .task("do", NOTHING, task -> task.onCompleted(outcome -> called.countDown()))
                .build();
        List<EngineEvent> told = new CopyOnWriteArrayList<>();
        try (Engine engine = Engine.builder(database.url())
                .workflow(calling)
                .listener(event -> {
                    called.await();
                    told.add(event);
                })
                .start()) {
            engine.await(engine.submit("calling", Map.of()));
            called.await();
        }

        assertThat(told)
                .filteredOn(EngineEvent.ExecutionEnded.class::isInstance)
                .hasSize(1);
    }

    @DatabaseTest
    void closing_tells_what_was_not_told_yet(TestDatabase database) {
        Queue<EngineEvent> told = new ConcurrentLinkedQueue<>();
        WorkflowDefinition telling =
                WorkflowDefinition.named("telling").task("do", NOTHING).build();
        UUID last;
        try (Engine engine = Engine.builder(database.url())
                .workflow(telling)
                .listener(told::add)
                .start()) {
            for (int i = 0; i < 99; i++) {
                engine.submit("telling", Map.of());
            }
            last = engine.submit("telling", Map.of());
            engine.unfinished("telling").forEach(execution -> engine.await(execution.id()));
        }

        assertThat(told)
                .filteredOn(EngineEvent.ExecutionEnded.class::isInstance)
                .hasSize(100);
        assertThat(told).contains(new EngineEvent.ExecutionEnded(last, "telling", ExecutionStatus.COMPLETED));
        assertThat(told).doesNotHaveDuplicates();
    }
}
