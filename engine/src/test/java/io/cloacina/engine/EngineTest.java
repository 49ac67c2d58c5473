package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {
    private static Engine start(TestDatabase test, WorkflowDefinition... workflows) {
        EngineBuilder builder = Engine.builder(test.url()).slots(4);
        for (WorkflowDefinition workflow : workflows) {
            builder.workflow(workflow);
        }
        return builder.start();
    }

    @DatabaseTest
    void tasks_run_after_their_dependencies_and_see_what_these_wrote(TestDatabase test) {
        WorkflowDefinition sum = WorkflowDefinition.named("sum")
                .task("left", context -> context.put("left", context.get("start", Integer.class) + 1))
                .task("right", context -> context.put("right", context.get("start", Integer.class) + 2))
                .task(
                        "sum",
                        context -> context.put(
                                "sum", context.get("left", Integer.class) + context.get("right", Integer.class)),
                        task -> task.after("left", "right"))
                .build();
        try (Engine engine = start(test, sum)) {
            UUID id = engine.submit("sum", Map.of("start", 10));

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("sum", Integer.class)).isEqualTo(23);
            assertThat(engine.tasks(id)).extracting(TaskExecution::name).containsExactly("left", "right", "sum");
            assertThat(engine.tasks(id)).allSatisfy(task -> {
                assertThat(task.status()).isEqualTo(TaskStatus.COMPLETED);
                assertThat(task.attempt()).isEqualTo(1);
            });
            assertThat(engine.list(ExecutionQuery.all().workflow("sum").unfinished()))
                    .isEmpty();
        }
    }

    @DatabaseTest
    void settings_that_come_with_the_first_start_may_need_the_engine(TestDatabase test) {
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<Engine> self = new AtomicReference<>();
        Engine engine = Engine.configuredAtStart(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
            }
            Engine needed = Objects.requireNonNull(self.get());
            return Engine.builder(test.url())
                    .workflow(WorkflowDefinition.named("first")
                            .task("submit", context -> context.put("id", needed.submit("second", Map.of())))
                            .build())
                    .workflow(WorkflowDefinition.named("second")
                            .task("t", context -> {})
                            .build());
        });
        self.set(engine);
        try (engine) {
            assertThatThrownBy(() -> engine.submit("first", Map.of())).hasMessageContaining("call start() first");
            assertThatThrownBy(engine::start).hasMessage("not yet");

            engine.start();
            UUID id = engine.submit("first", Map.of());
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            UUID second = engine.context(id).get("id", UUID.class);
            assertThat(engine.await(second).status()).isEqualTo(ExecutionStatus.COMPLETED);

            engine.stop();
            engine.start();
            assertThat(asked).hasValue(2);
        }
    }

    @DatabaseTest
    void a_value_that_was_passed_on_does_not_override_a_newer_one(TestDatabase test) {
        WorkflowDefinition diamond = WorkflowDefinition.named("diamond")
                .task("a", context -> context.put("value", "of a"))
                .task("c", context -> context.put("other", "of c"), task -> task.after("a"))
                .task("b", context -> context.put("value", "of b"), task -> task.after("a"))
                .task("through", context -> {}, task -> task.after("b"))
                .task(
                        "d",
                        context -> context.put("seen", context.get("value", String.class)),
                        task -> task.after("c", "through"))
                .build();
        try (Engine engine = start(test, diamond)) {
            UUID id = engine.submit("diamond", Map.of());

            engine.await(id);

            assertThat(engine.context(id).get("seen", String.class)).isEqualTo("of b");
        }
    }

    @DatabaseTest
    void a_failed_task_fails_its_execution_and_skips_what_depends_on_it(TestDatabase test) {
        WorkflowDefinition broken = WorkflowDefinition.named("broken")
                .task("good", context -> {})
                .task("bad", context -> {
                    throw new IllegalStateException("no such luck");
                })
                .task("next", context -> {}, task -> task.after("good", "bad"))
                .task("last", context -> {}, task -> task.after("next"))
                .build();
        try (Engine engine = start(test, broken)) {
            UUID id = engine.submit("broken", Map.of());

            Execution done = engine.await(id);

            assertThat(done.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(done.error()).isEqualTo("failed tasks: bad");
            assertThat(engine.tasks(id))
                    .extracting(TaskExecution::name, TaskExecution::status)
                    .containsExactly(
                            tuple("good", TaskStatus.COMPLETED),
                            tuple("bad", TaskStatus.FAILED),
                            tuple("next", TaskStatus.SKIPPED),
                            tuple("last", TaskStatus.SKIPPED));
            assertThat(engine.tasks(id).get(1).error())
                    .contains("java.lang.IllegalStateException: no such luck", "EngineTest");
            assertThat(engine.tasks(id).get(2).error()).isEqualTo("skipped: its dependency 'bad' is Failed");
        }
    }

    @DatabaseTest
    void an_error_of_the_virtual_machine_fails_the_task_and_not_the_runner(TestDatabase test) {
        WorkflowDefinition deep = WorkflowDefinition.named("deep")
                .task("endless", context -> endless(0))
                .build();
        WorkflowDefinition fine =
                WorkflowDefinition.named("fine").task("ok", context -> {}).build();
        try (Engine engine = start(test, deep, fine)) {
            UUID bad = engine.submit("deep", Map.of());
            assertThat(engine.await(bad).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(bad).get(0).error()).contains("StackOverflowError");

            UUID good = engine.submit("fine", Map.of());
            assertThat(engine.await(good).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void a_task_is_tried_again_as_often_as_its_policy_says(TestDatabase test) {
        AtomicInteger attempts = new AtomicInteger();
        WorkflowDefinition flaky = WorkflowDefinition.named("flaky")
                .task(
                        "third-time",
                        context -> {
                            attempts.incrementAndGet();
                            if (context.attempt() < 3) {
                                throw new IllegalStateException("not yet");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(3, Duration.ofMillis(1))))
                .build();
        try (Engine engine = start(test, flaky)) {
            UUID id = engine.submit("flaky", Map.of());

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.tasks(id).get(0).attempt()).isEqualTo(3);
            assertThat(attempts).hasValue(3);
        }
    }

    @DatabaseTest
    void an_unknown_workflow_is_refused_and_stores_nothing(TestDatabase test) {
        WorkflowDefinition known =
                WorkflowDefinition.named("known").task("t", context -> {}).build();
        try (Engine engine = start(test, known)) {
            assertThatThrownBy(() -> engine.submit("unknown", Map.of()))
                    .isInstanceOf(UnknownWorkflowException.class)
                    .hasMessage("there is no workflow 'unknown'; this engine has [known]. Did you mean 'known'?");
            assertThat(engine.list(ExecutionQuery.all().workflow("unknown").unfinished()))
                    .isEmpty();
            UUID nobody = UUID.randomUUID();
            assertThat(engine.find(nobody)).isEmpty();
            assertThatThrownBy(() -> engine.await(nobody))
                    .isInstanceOf(CloacinaException.class)
                    .hasMessageContaining(nobody.toString());
        }
    }

    @DatabaseTest
    void two_engines_on_one_database_run_every_task_once(TestDatabase test) throws Exception {
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        WorkflowDefinition fan = fan(20, ran);
        try (Engine first = start(test, fan);
                Engine second = start(test, fan)) {
            List<UUID> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ids.add((i % 2 == 0 ? first : second).submit("fan", Map.of()));
            }
            for (UUID id : ids) {
                assertThat(second.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
            assertThat(ran).hasSize(10 * 22).doesNotHaveDuplicates();
        }
    }

    @DatabaseTest
    void never_more_tasks_run_at_once_than_there_are_slots(TestDatabase test) {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch four = new CountDownLatch(4);
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("wide");
        for (int i = 0; i < 12; i++) {
            builder.task("t" + i, context -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                four.countDown();
                four.await(); // so that four of them are seen at once
                now.decrementAndGet();
            });
        }
        try (Engine engine = start(test, builder.build())) {
            engine.await(engine.submit("wide", Map.of()));
            assertThat(most).hasValue(4);
        }
    }

    @DatabaseTest
    void closing_gives_unclaimed_work_to_the_next_engine(TestDatabase test) {
        WorkflowDefinition chain = WorkflowDefinition.named("chain")
                .task("one", context -> context.put("one", 1))
                .task("two", context -> context.put("two", 2), task -> task.after("one"))
                .build();
        UUID id;
        try (Engine engine = start(test, chain)) {
            id = engine.submit("chain", Map.of());
        }
        try (Engine engine = start(test, chain)) {
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.tasks(id)).allMatch(task -> task.attempt() == 1);
        }
    }

    @DatabaseTest
    void closing_ends_while_there_is_more_to_do_and_loses_nothing(TestDatabase test) {
        AtomicInteger ran = new AtomicInteger();
        WorkflowDefinition one = WorkflowDefinition.named("one")
                .task("t", context -> ran.incrementAndGet())
                .build();
        List<UUID> ids = new ArrayList<>();
        try (Engine engine = start(test, one)) {
            for (int i = 0; i < 200; i++) {
                ids.add(engine.submit("one", Map.of()));
            }
        }
        try (Engine engine = start(test, one)) {
            for (UUID id : ids) {
                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(engine.tasks(id).get(0).attempt()).isEqualTo(1);
            }
        }
        assertThat(ran).hasValue(200);
    }

    private static WorkflowDefinition fan(int width, Queue<String> ran) {
        String[] middle = new String[width];
        WorkflowDefinition.Builder builder =
                WorkflowDefinition.named("fan").task("first", context -> ran.add(context.executionId() + " first"));
        for (int i = 0; i < width; i++) {
            middle[i] = "middle-" + i;
            builder.task(
                    middle[i],
                    context -> ran.add(context.executionId() + " " + context.taskName()),
                    task -> task.after("first"));
        }
        return builder.task("last", context -> ran.add(context.executionId() + " last"), task -> task.after(middle))
                .build();
    }

    @SuppressWarnings("InfiniteRecursion") // that is what it is for
    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }
}
