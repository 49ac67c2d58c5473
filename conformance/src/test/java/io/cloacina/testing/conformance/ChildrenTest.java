package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskOptions;
import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/** Tasks whose work is done by executions of other workflows. */
@Timeout(60)
class ChildrenTest {
    private record Parcel(String order, int weight) {}

    private static WorkflowDefinition order(Consumer<TaskOptions> how) {
        return WorkflowDefinition.named("order")
                .task("pay", context -> context.output("receipt-1"))
                .task(
                        "ship",
                        context -> context.output(new Parcel(context.get("pay", String.class), 3)),
                        task -> how.accept(task.after("pay").child("shipping")))
                .task(
                        "thank",
                        context -> context.output("thanks, " + context.json().contains("label")),
                        task -> task.after("ship"))
                .build();
    }

    private static WorkflowDefinition shipping(AtomicInteger failures) {
        return WorkflowDefinition.named("shipping")
                .version("1")
                .task("pack", context -> {
                    if (failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("no box");
                    }
                    context.output(context.get("order", String.class) + " packed");
                })
                .task(
                        "label",
                        context -> context.output(context.get("weight", Integer.class) + " kg"),
                        task -> task.after("pack").signal("truck"))
                .build();
    }

    private static TestEngine engine(TestDatabase database, Consumer<TaskOptions> how, AtomicInteger failures) {
        return TestEngine.on(database.url())
                .workflow(order(how))
                .workflow(shipping(failures))
                .start();
    }

    private static UUID child(TestEngine engine) {
        List<Execution> children = engine.engine().list(ExecutionQuery.all().workflow("shipping"));
        assertThat(children).isNotEmpty();
        return children.get(0).id();
    }

    @DatabaseTest
    void a_task_waits_for_its_child_and_puts_out_what_that_has(TestDatabase database) {
        try (TestEngine engine = engine(database, task -> {}, new AtomicInteger())) {
            UUID id = engine.submit("order");
            engine.tick();
            UUID child = child(engine);
            assertThat(engine, id).isRunning().hasTask("ship").waiting();
            assertThat(engine, child).isRunning().hasTask("label").waiting();

            engine.engine().signal(child, "truck", null);
            engine.tick();
            assertThat(engine, child).isCompleted();
            assertThat(engine, id).isCompleted().hasOnlyCompletedTasks();
            assertThat(engine.engine().context(id).get("ship", new TypeOf<Map<String, Object>>() {}))
                    .isEqualTo(Map.of("order", "receipt-1", "weight", 3, "pack", "receipt-1 packed", "label", "3 kg"));
        }
    }

    @DatabaseTest
    void one_value_of_the_child_is_taken(TestDatabase database) {
        try (TestEngine engine = engine(database, task -> task.take("label"), new AtomicInteger())) {
            UUID id = engine.submit("order");
            engine.tick();
            engine.engine().signal(child(engine), "truck", null);
            engine.tick();
            assertThat(engine.engine().context(id).get("ship", String.class)).isEqualTo("3 kg");
        }
    }

    @DatabaseTest
    void a_child_that_fails_fails_the_attempt_and_a_retry_has_another_child(TestDatabase database) {
        AtomicInteger failures = new AtomicInteger(1);
        try (TestEngine engine =
                engine(database, task -> task.retry(RetryPolicy.fixed(2, Duration.ofMinutes(1))), failures)) {
            UUID id = engine.submit("order");
            engine.tick();
            UUID first = child(engine);
            assertThat(engine, first).isFailed();
            assertThat(engine, id).isRunning().hasTask("ship").ready().because("the child of task 'ship'");

            engine.advance(Duration.ofMinutes(1));
            UUID second = child(engine);
            assertThat(second).isNotEqualTo(first);
            engine.engine().signal(second, "truck", null);
            engine.tick();
            assertThat(engine, id).isCompleted();
        }
    }

    @DatabaseTest
    void a_child_that_fails_for_good_fails_the_task(TestDatabase database) {
        try (TestEngine engine = engine(database, task -> {}, new AtomicInteger(1))) {
            UUID id = engine.submit("order");
            engine.tick();
            assertThat(engine, id)
                    .isFailed()
                    .hasTask("ship")
                    .failed()
                    .because(
                            "execution " + child(engine)
                                    + " of workflow 'shipping', is Failed: failed tasks: pack; 'pack': java.lang.IllegalStateException: no box");

            engine.engine().retry(id);
            engine.tick();
            engine.engine().signal(child(engine), "truck", null);
            engine.tick();
            assertThat(engine, id).isCompleted();
        }
    }

    @DatabaseTest
    void cancel_and_pause_reach_the_children(TestDatabase database) {
        try (TestEngine engine = engine(database, task -> {}, new AtomicInteger())) {
            UUID id = engine.submit("order");
            engine.tick();
            UUID child = child(engine);
            engine.engine().pause(id, "stop");
            assertThat(engine, child).isPaused();
            engine.engine().signal(child, "truck", null);
            engine.tick();
            assertThat(engine, child).isPaused().hasTask("label").ready();
            engine.engine().resume(id);
            assertThat(engine, child).isRunning();
            engine.tick();
            assertThat(engine, id).isCompleted();

            UUID other = engine.submit("order");
            engine.tick();
            engine.engine().cancel(other);
            assertThat(engine, child(engine)).isCancelled().hasTask("label").cancelled();
            assertThat(engine, other).isCancelled();
        }
    }

    @DatabaseTest
    void cancelling_a_child_fails_its_task(TestDatabase database) {
        try (TestEngine engine = engine(database, task -> {}, new AtomicInteger())) {
            UUID id = engine.submit("order");
            engine.tick();
            engine.engine().cancel(child(engine));
            engine.tick();
            assertThat(engine, id).isFailed().hasTask("ship").failed().because("is Cancelled");
        }
    }

    @DatabaseTest
    void a_child_is_not_retried_beside_its_parent(TestDatabase database) {
        AtomicInteger failures = new AtomicInteger(2);
        try (TestEngine engine =
                engine(database, task -> task.retry(RetryPolicy.fixed(2, Duration.ofMinutes(1))), failures)) {
            UUID id = engine.submit("order");
            engine.tick();
            UUID first = child(engine);
            assertThat(engine, first).isFailed();
            String parent = "it is a child of task 'ship' of execution " + id + " of workflow 'order', which is ";
            assertNotRetried(engine, first, parent + "Running and may begin another child: wait until it has ended");

            engine.advance(Duration.ofMinutes(1));
            assertThat(engine, id).isFailed();
            assertNotRetried(engine, first, parent + "Failed: retry that one, and its task begins another child");

            engine.engine().retry(id);
            engine.tick();
            engine.engine().signal(child(engine), "truck", null);
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertNotRetried(engine, first, parent + "Completed and needs it no longer");
        }
    }

    private static void assertNotRetried(TestEngine engine, UUID child, String why) {
        for (RetryMode how : List.of(RetryMode.unlessCompensated(), RetryMode.evenAfterCompensation())) {
            assertThatThrownBy(() -> engine.engine().retry(child, how))
                    .isInstanceOfSatisfying(
                            ExecutionStateException.class,
                            refused -> assertThat(refused.code()).isEqualTo("RETRY_OF_CHILD"))
                    .hasMessageContaining(why);
        }
    }

    @DatabaseTest
    void a_failed_child_is_retried_alone_once_its_parent_is_cancelled(TestDatabase database) {
        AtomicInteger failures = new AtomicInteger(1);
        try (TestEngine engine =
                engine(database, task -> task.retry(RetryPolicy.fixed(2, Duration.ofMinutes(1))), failures)) {
            UUID id = engine.submit("order");
            engine.tick();
            UUID child = child(engine);
            engine.engine().cancel(id);

            engine.engine().retry(child);
            engine.engine().signal(child, "truck", null);
            engine.tick();

            assertThat(engine, child).isCompleted();
            assertThat(engine, id).isCancelled();
        }
    }

    @DatabaseTest
    void a_child_that_cannot_be_begun_is_said_clearly(TestDatabase database) {
        WorkflowDefinition silent = WorkflowDefinition.named("silent")
                .task("ship", context -> {}, task -> task.child("silent"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url()).workflow(silent).start()) {
            assertThat(engine, engine.run("silent").id())
                    .isFailed()
                    .hasTask("ship")
                    .because("must return its input, an object such as a map or a record, but returned nothing");
        }
        WorkflowDefinition counting = WorkflowDefinition.named("counting")
                .task("ship", context -> context.output(5), task -> task.child("counting"))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(counting).start()) {
            assertThat(engine, engine.run("counting").id())
                    .isFailed()
                    .hasTask("ship")
                    .because("but returned the number 5");
        }
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(order(task -> {})).start()) {
            assertThat(engine, engine.run("order").id())
                    .isFailed()
                    .hasTask("ship")
                    .because("there is no workflow 'shipping'");
        }
    }
}
