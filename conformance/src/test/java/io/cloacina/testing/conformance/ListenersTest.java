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
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
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
    void a_listener_receives_what_becomes_of_an_execution_in_order(TestDatabase database) {
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
            assertThat(told.get(3)).isInstanceOfSatisfying(EngineEvent.TaskStarted.class, started -> {
                assertThat(started.taskName()).isEqualTo("bad");
                assertThat(started.attempt()).isEqualTo(1);
                assertThat(started.run().runner()).isNotNull();
                assertThat(started.run().startedAt()).isEqualTo(started.at());
            });
            Instant at = engine.clock().instant();
            assertThat(told.get(7))
                    .isEqualTo(new EngineEvent.TaskSkipped(
                            id, "telling", "after", "skipped: its dependency 'bad' is Failed", at));
            assertThat(told.get(8))
                    .isEqualTo(new EngineEvent.ExecutionEnded(id, "telling", ExecutionStatus.FAILED, at, at));
            assertThat(told.get(10))
                    .isEqualTo(new EngineEvent.ExecutionEnded(id, "telling", ExecutionStatus.CANCELLED, at, at));
        }
    }

    /** Nothing of an execution is told before its submission, and that once. */
    private static void assertSubmittedFirst(Iterable<EngineEvent> told) {
        Set<UUID> submitted = new HashSet<>();
        for (EngineEvent event : told) {
            boolean isSubmission = event instanceof EngineEvent.ExecutionSubmitted;
            assertThat(isSubmission ? submitted.add(event.executionId()) : submitted.contains(event.executionId()))
                    .as("%s", event)
                    .isTrue();
        }
    }

    @DatabaseTest
    void events_have_their_times_and_runs_for_elements_the_name_of_their_task(TestDatabase database) {
        List<EngineEvent> told = new ArrayList<>();
        WorkflowDefinition telling = WorkflowDefinition.named("telling")
                .task("each", NOTHING, task -> task.forEach("list").priority(2))
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(telling)
                .configure(builder -> builder.listener(told::add))
                .start()) {
            Instant submittedAt = engine.clock().instant();
            UUID id = engine.submit(
                    Submission.of("telling").input(Map.of("list", List.of("a"))).delay(Duration.ofHours(1)));
            engine.advance(Duration.ofHours(1));

            assertThat(engine, id).isCompleted();
            assertThat(told)
                    .filteredOn(EngineEvent.TaskCompleted.class::isInstance)
                    .extracting(event -> ((EngineEvent.OfTask) event).definedTask())
                    .containsExactly("each", "each");
            assertThat(told)
                    .filteredOn(EngineEvent.TaskCompleted.class::isInstance)
                    .first()
                    .isInstanceOfSatisfying(EngineEvent.TaskCompleted.class, run -> {
                        assertThat(run.taskName()).isEqualTo("each[0]");
                        assertThat(run.run().priority()).isEqualTo(2);
                        assertThat(run.run().readyAt()).isEqualTo(submittedAt.plus(Duration.ofHours(1)));
                        assertThat(run.at()).isEqualTo(submittedAt.plus(Duration.ofHours(1)));
                    });
            assertThat(told).last().isInstanceOfSatisfying(EngineEvent.ExecutionEnded.class, ended -> {
                assertThat(ended.submittedAt()).isEqualTo(submittedAt);
                assertThat(ended.at()).isEqualTo(submittedAt.plus(Duration.ofHours(1)));
            });
        }
    }

    @DatabaseTest
    void a_submission_in_a_transaction_of_the_application_is_told_before_its_tasks_and_not_when_it_is_rolled_back(
            TestDatabase database) throws SQLException {
        List<EngineEvent> told = new ArrayList<>();
        WorkflowDefinition telling =
                WorkflowDefinition.named("telling").task("do", NOTHING).build();
        try (TestEngine engine = TestEngine.on(database.url())
                        .workflow(telling)
                        .configure(builder -> builder.listener(told::add))
                        .start();
                Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            engine.engine().submit(connection, Submission.of("telling"));
            connection.rollback();
            UUID id = engine.engine().submit(connection, Submission.of("telling"));
            assertThat(told).isEmpty();
            connection.commit();
            engine.tick();

            assertThat(engine, id).isCompleted();
            assertThat(told)
                    .extracting(event -> event.getClass().getSimpleName())
                    .containsExactly("ExecutionSubmitted", "TaskStarted", "TaskCompleted", "ExecutionEnded");
            assertThat(told).allSatisfy(event -> assertThat(event.executionId()).isEqualTo(id));
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
            engine.list(ExecutionQuery.all().workflow("telling").unfinished())
                    .forEach(execution -> engine.await(execution.id()));
        }

        assertThat(told)
                .filteredOn(EngineEvent.ExecutionEnded.class::isInstance)
                .hasSize(100);
        assertThat(told)
                .anySatisfy(event -> assertThat(event)
                        .isInstanceOfSatisfying(EngineEvent.ExecutionEnded.class, ended -> {
                            assertThat(ended.executionId()).isEqualTo(last);
                            assertThat(ended.status()).isEqualTo(ExecutionStatus.COMPLETED);
                            assertThat(ended.at()).isAfterOrEqualTo(ended.submittedAt());
                        }));
        assertSubmittedFirst(told);
        assertThat(told).doesNotHaveDuplicates();
    }
}
