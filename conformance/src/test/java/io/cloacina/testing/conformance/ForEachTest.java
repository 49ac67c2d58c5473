package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ElementOutcome;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskOptions;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** Tasks that run once for each element of a list. */
@Timeout(60)
class ForEachTest {
    private static final TypeOf<List<Integer>> NUMBERS = new TypeOf<>() {};

    private static WorkflowDefinition squaring(TaskBody body, Consumer<TaskOptions> how) {
        return WorkflowDefinition.named("squaring")
                .version("1")
                .task("square", body, task -> how.accept(task.forEach("numbers")))
                .task(
                        "sum",
                        context -> context.output(context.get("square", NUMBERS).stream()
                                .mapToInt(Integer::intValue)
                                .sum()),
                        task -> task.after("square"))
                .build();
    }

    private static void square(io.cloacina.api.TaskContext context) {
        int number = context.element(Integer.class);
        context.output(number * number);
    }

    private static Map<String, ?> numbers(int count) {
        return Map.of("numbers", IntStream.range(0, count).boxed().toList());
    }

    private static TestEngine engine(TestDatabase database, WorkflowDefinition workflow) {
        return TestEngine.on(database.url()).workflow(workflow).start();
    }

    @DatabaseTest
    void a_task_runs_for_each_element_and_joins_the_results_in_order(TestDatabase database) {
        try (TestEngine engine = engine(database, squaring(ForEachTest::square, task -> {}))) {
            UUID id = engine.run(
                            io.cloacina.engine.model.Submission.of("squaring").input(numbers(100)))
                    .id();
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().context(id).get("square", NUMBERS))
                    .isEqualTo(IntStream.range(0, 100).map(i -> i * i).boxed().toList());
            assertThat(engine.engine().context(id).get("sum", Integer.class)).isEqualTo(328_350);
            assertThat(engine.tasks(id)).hasSize(102);
            assertThat(engine.task(id, "square[99]").status()).isEqualTo(TaskStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void an_empty_list_has_an_empty_result(TestDatabase database) {
        try (TestEngine engine = engine(database, squaring(ForEachTest::square, task -> {}))) {
            Execution done = engine.run("squaring", numbers(0));
            assertThat(engine, done.id()).isCompleted();
            assertThat(engine.engine().context(done.id()).get("square", NUMBERS))
                    .isEmpty();
        }
    }

    @DatabaseTest
    void what_is_no_list_fails_the_task_clearly(TestDatabase database) {
        try (TestEngine engine = engine(database, squaring(ForEachTest::square, task -> {}))) {
            assertThat(engine, engine.run("squaring").id())
                    .isFailed()
                    .hasTask("square")
                    .because("runs for each element of 'numbers', which is missing");
            assertThat(engine, engine.run("squaring", Map.of("numbers", "many")).id())
                    .isFailed()
                    .hasTask("square")
                    .because("'numbers', which is the text 'many' and not a list");
        }
    }

    @DatabaseTest
    void a_list_of_a_task_that_does_not_run_before_is_missing_for_that_reason(TestDatabase database) {
        WorkflowDefinition workflow = WorkflowDefinition.named("forgetful")
                .task("list", context -> context.output(List.of(1, 2)))
                .task("pack", context -> {}, task -> task.forEach("list"))
                .build();
        try (TestEngine engine = engine(database, workflow)) {
            assertThat(engine, engine.run("forgetful").id())
                    .isFailed()
                    .hasTask("pack")
                    .because("which is missing; task 'list' does not run before it; name it in after");
        }
    }

    @DatabaseTest
    void too_many_elements_are_refused(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url())
                .workflow(squaring(ForEachTest::square, task -> {}))
                .configure(builder -> builder.maxTasks(10))
                .start()) {
            assertThat(engine, engine.run("squaring", numbers(11)).id())
                    .isFailed()
                    .hasTask("square")
                    .because("at most 10 are allowed: raise maxTasks");
        }
    }

    @DatabaseTest
    void no_more_run_at_once_than_is_said(TestDatabase database) throws InterruptedException {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        TaskBody body = context -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.sleep(2);
            now.decrementAndGet();
            context.output(context.elementIndex());
        };
        try (Engine engine = Engine.builder(database.url())
                .workflow(squaring(body, task -> task.atOnce(3)))
                .start()) {
            UUID id = engine.submit("squaring", numbers(60));
            assertThat(engine.await(id)).isCompleted();
            assertThat(engine.context(id).get("square", NUMBERS))
                    .isEqualTo(IntStream.range(0, 60).boxed().toList());
        }
        assertThat(most.get()).isBetween(1, 3);
    }

    private static TaskBody failingAt(Set<Integer> bad) {
        return context -> {
            int number = context.element(Integer.class);
            if (bad.contains(number)) {
                throw new IllegalArgumentException("bad " + number);
            }
            context.output(number);
        };
    }

    @DatabaseTest
    void one_that_fails_fails_the_task_and_the_rest_does_not_begin(TestDatabase database) {
        Set<Integer> bad = ConcurrentHashMap.newKeySet();
        bad.add(2);
        try (TestEngine engine = engine(database, squaring(failingAt(bad), task -> task.atOnce(1)))) {
            UUID id = engine.run("squaring", numbers(5)).id();
            assertThat(engine, id)
                    .isFailed()
                    .because("failed tasks: square")
                    .hasTask("square")
                    .failed()
                    .because("1 of the 5 runs of task 'square' failed: [2] java.lang.IllegalArgumentException: bad 2")
                    .and()
                    .hasTask("square[1]")
                    .completed()
                    .and()
                    .hasTask("square[3]")
                    .skipped()
                    .because("the run for another element failed");

            bad.clear();
            engine.engine().retry(id);
            engine.tick();
            assertThat(engine, id).isCompleted().hasTask("square[1]").onAttempt(1);
            assertThat(engine.engine().context(id).get("square", NUMBERS)).isEqualTo(List.of(0, 1, 2, 3, 4));
        }
    }

    @DatabaseTest
    void failures_are_collected_when_that_is_said(TestDatabase database) {
        WorkflowDefinition workflow = WorkflowDefinition.named("collecting")
                .version("1")
                .task(
                        "try",
                        failingAt(Set.of(1)),
                        task -> task.forEach("numbers").collect().atOnce(2))
                .build();
        try (TestEngine engine = engine(database, workflow)) {
            UUID id = engine.run("collecting", numbers(3)).id();
            assertThat(engine, id)
                    .isCompleted()
                    .hasTask("try")
                    .completed()
                    .and()
                    .hasTask("try[1]")
                    .failed();
            List<ElementOutcome<Integer>> outcomes =
                    engine.engine().context(id).get("try", new TypeOf<List<ElementOutcome<Integer>>>() {});
            assertThat(outcomes)
                    .containsExactly(
                            new ElementOutcome<>(0, null),
                            new ElementOutcome<>(null, "java.lang.IllegalArgumentException: bad 1"),
                            new ElementOutcome<>(2, null));
        }
    }

    @DatabaseTest
    void each_run_is_tried_again_by_itself(TestDatabase database) {
        Set<Integer> failedOnce = ConcurrentHashMap.newKeySet();
        TaskBody body = context -> {
            int number = context.element(Integer.class);
            if (number % 2 == 0 && failedOnce.add(number)) {
                throw new IllegalStateException("once");
            }
            context.output(number);
        };
        try (TestEngine engine =
                engine(database, squaring(body, task -> task.retry(RetryPolicy.fixed(2, Duration.ofMinutes(1)))))) {
            UUID id = engine.submit("squaring", numbers(4));
            engine.tick();
            assertThat(engine, id)
                    .isRunning()
                    .hasTask("square")
                    .waiting()
                    .and()
                    .hasTask("square[0]")
                    .ready();
            engine.advance(Duration.ofMinutes(1));
            assertThat(engine, id)
                    .isCompleted()
                    .hasTask("square[0]")
                    .onAttempt(2)
                    .and()
                    .hasTask("square[1]")
                    .onAttempt(1);
        }
    }

    @DatabaseTest
    void a_run_writes_nothing_but_its_result(TestDatabase database) {
        try (TestEngine engine = engine(database, squaring(context -> context.put("other", 1), task -> {}))) {
            assertThat(engine, engine.run("squaring", numbers(1)).id())
                    .isFailed()
                    .hasTask("square[0]")
                    .because("runs for one element and cannot write 'other': call output(value)");
        }
    }

    @DatabaseTest
    void a_run_may_have_a_child_and_a_paused_execution_begins_none(TestDatabase database) {
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task(
                        "each",
                        context -> context.output(Map.of("n", context.element(Integer.class))),
                        task -> task.forEach("numbers").child("child").take("double"))
                .build();
        WorkflowDefinition child = WorkflowDefinition.named("child")
                .task("double", context -> context.output(2 * context.get("n", Integer.class)))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(parent).workflow(child).start()) {
            UUID id = engine.submit("parent", numbers(5));
            engine.engine().pause(id, null);
            engine.tick();
            assertThat(engine.tasks(id)).hasSize(1);
            engine.engine().resume(id);
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().context(id).get("each", NUMBERS)).isEqualTo(List.of(0, 2, 4, 6, 8));
        }
    }

    @DatabaseTest
    void cancelling_ends_all_runs(TestDatabase database) {
        WorkflowDefinition workflow = WorkflowDefinition.named("waiting")
                .task("each", context -> {}, task -> task.forEach("numbers").atOnce(1))
                .build();
        try (TestEngine engine = engine(database, workflow)) {
            UUID id = engine.submit("waiting", numbers(5));
            engine.engine().cancel(id);
            engine.tick();
            assertThat(engine, id).isCancelled();
            assertThat(engine.tasks(id)).allMatch(TaskExecution::isFinished);
        }
    }
}
