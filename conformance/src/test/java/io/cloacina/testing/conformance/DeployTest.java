package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.InFlight;
import io.cloacina.api.Limit;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.TypeOf;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.PackageTrust;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;

/** What becomes of executions when a program with another version of their workflow takes the place of the one that began them. */
@Timeout(60)
class DeployTest {
    private record Order(String id, int total) {}

    private record OrderWithNote(String id, int total, Optional<String> note) {}

    private record OrderWithoutTotal(String id) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record LenientOrder(String id) {}

    private record OrderWithLines(String id, List<String> total) {}

    private static void nothing(TaskContext context) {}

    private static WorkflowDefinition.Builder order(String version) {
        return WorkflowDefinition.named("order").version(version);
    }

    /** Reads an order, waits for an answer, ships. */
    private static WorkflowDefinition first() {
        return order("1")
                .task("read", context -> context.output(new Order("a", 7)))
                .task("confirm", DeployTest::nothing, task -> task.after("read").signal("yes"))
                .task(
                        "ship",
                        context -> context.output("shipped by 1"),
                        task -> task.after("confirm").reads("read", Order.class))
                .build();
    }

    private static WorkflowDefinition.Builder second() {
        return order("2")
                .task("read", context -> context.output(new Order("b", 8)))
                .task("confirm", DeployTest::nothing, task -> task.after("read").signal("yes"));
    }

    private static final class Deployment {
        private final TestDatabase database;
        private final ManualClock clock = new ManualClock();
        private final UUID id;

        /** Begins an execution, and closes the engine that began it. */
        Deployment(TestDatabase database, WorkflowDefinition workflow, Map<String, ?> input) {
            this.database = database;
            try (TestEngine engine = start(workflow)) {
                id = engine.submit(workflow.name(), input);
                engine.tick();
            }
        }

        Deployment(TestDatabase database, WorkflowDefinition workflow) {
            this(database, workflow, Map.of());
        }

        TestEngine start(WorkflowDefinition workflow) {
            return TestEngine.on(database.url()).clock(clock).workflow(workflow).start();
        }

        /** Signals in another version, and asserts that the execution completes with that. */
        void completesWith(WorkflowDefinition workflow, UnaryOperator<String> ship) {
            try (TestEngine engine = start(workflow)) {
                engine.tick();
                assertThat(engine.execution(id).version()).isEqualTo(workflow.version());
                engine.engine().signal(id, "yes", null);
                engine.tick();
                assertThat(engine, id).isCompleted();
                assertThat(engine.engine().context(id).get("ship", String.class))
                        .isEqualTo(ship.apply("shipped"));
                assertThat(engine.engine().recoveries(id)).singleElement().satisfies(event -> {
                    assertThat(event.type()).isEqualTo(RecoveryType.VERSION_CHANGED);
                    assertThat(event.details()).contains("\"from\":\"1\"", "\"to\":\"" + workflow.version());
                });
            }
        }

        /** Asserts that the execution stays as it is in that version, and still completes in its own. */
        void staysWith(WorkflowDefinition workflow) {
            try (TestEngine engine = start(workflow)) {
                engine.tick();
                engine.advance(Duration.ofDays(400));
                assertThat(engine.execution(id).version()).isEqualTo("1");
                assertThat(engine, id).isRunning();
                assertThat(engine.engine().recoveries(id)).isEmpty();
            }
            try (TestEngine engine = start(first())) {
                engine.engine().signal(id, "yes", null);
                engine.tick();
                assertThat(engine, id).isCompleted();
            }
        }
    }

    @DatabaseTest
    void an_execution_continues_with_the_code_of_a_compatible_version(TestDatabase database) {
        new Deployment(database, first())
                .completesWith(
                        second().task(
                                        "ship",
                                        context -> context.output("shipped by 2"),
                                        task -> task.after("confirm").reads("read", Order.class))
                                .build(),
                        shipped -> shipped + " by 2");
    }

    @DatabaseTest
    void tasks_that_were_added_at_the_end_and_beside_run(TestDatabase database) {
        Deployment deployment = new Deployment(database, first());
        WorkflowDefinition next = second().task(
                        "ship", context -> context.output("shipped"), task -> task.after("confirm"))
                .task(
                        "thank",
                        context ->
                                context.output(context.get("read", Order.class).id()),
                        task -> task.after("ship"))
                .task("audit", context -> context.output("audited"), task -> task.after("read"))
                .task(
                        "refund",
                        DeployTest::nothing,
                        task -> task.after("read").when(TriggerRule.any(TriggerCondition.taskFailed("read"))))
                .task("mourn", DeployTest::nothing, task -> task.after("refund"))
                .task("greet", context -> context.output("hello"))
                .build();
        deployment.completesWith(next, shipped -> shipped);
        try (TestEngine engine = deployment.start(next)) {
            assertThat(engine.engine().context(deployment.id).get("thank", String.class))
                    .isEqualTo("a");
            assertThat(engine.tasks(deployment.id))
                    .extracting(TaskExecution::name, TaskExecution::status)
                    .contains(
                            tuple("audit", TaskStatus.COMPLETED),
                            tuple("greet", TaskStatus.COMPLETED),
                            tuple("refund", TaskStatus.SKIPPED),
                            tuple("mourn", TaskStatus.SKIPPED));
        }
    }

    @DatabaseTest
    void a_finished_task_may_be_removed_and_the_settings_of_others_changed(TestDatabase database) {
        WorkflowDefinition before = order("1")
                .task("log", DeployTest::nothing)
                .task("confirm", DeployTest::nothing, task -> task.signal("yes"))
                .task("ship", DeployTest::nothing, task -> task.after("confirm"))
                .build();
        new Deployment(database, before)
                .completesWith(
                        order("2")
                                .task(
                                        "confirm",
                                        DeployTest::nothing,
                                        task -> task.signal("yes").timeout(Duration.ofSeconds(9)))
                                .task(
                                        "ship",
                                        context -> context.output("shipped"),
                                        task -> task.after("confirm")
                                                .priority(3)
                                                .limit(Limit.atMost(2))
                                                .retry(RetryPolicy.fixed(4, Duration.ofSeconds(1))))
                                .build(),
                        shipped -> shipped);
    }

    @DatabaseTest
    void what_is_not_compatible_waits_for_its_own_version_and_never_fails(TestDatabase database) {
        for (WorkflowDefinition next : List.of(
                second().task("send", DeployTest::nothing, task -> task.after("confirm"))
                        .build(),
                second().task("ship", DeployTest::nothing, task -> task.after("confirm", "read"))
                        .build(),
                second().task("pack", DeployTest::nothing, task -> task.after("confirm"))
                        .task("ship", DeployTest::nothing, task -> task.after("pack"))
                        .build(),
                second().task(
                                "ship",
                                DeployTest::nothing,
                                task -> task.after("confirm").when(TriggerRule.always()))
                        .build(),
                second().task(
                                "ship",
                                DeployTest::nothing,
                                task -> task.after("confirm").child("shipping"))
                        .build(),
                second().task(
                                "ship",
                                DeployTest::nothing,
                                task -> task.after("confirm").sleep(Duration.ofDays(1)))
                        .build(),
                second().task(
                                "ship",
                                DeployTest::nothing,
                                task -> task.after("confirm").reads("read", OrderWithLines.class))
                        .build(),
                second().task(
                                "ship",
                                DeployTest::nothing,
                                task -> task.after("confirm").reads("read", OrderWithoutTotal.class))
                        .build(),
                second().task("ship", DeployTest::nothing, task -> task.after("confirm"))
                        .input("customer", String.class)
                        .build(),
                second().task("ship", DeployTest::nothing, task -> task.after("confirm"))
                        .inFlight(InFlight.PINNED)
                        .build())) {
            new Deployment(database, first()).staysWith(next);
        }
    }

    @DatabaseTest
    void a_record_may_get_a_field_that_may_be_absent(TestDatabase database) {
        new Deployment(database, first())
                .completesWith(
                        second().task(
                                        "ship",
                                        context -> context.output("shipped "
                                                + context.get("read", OrderWithNote.class)
                                                        .note()
                                                        .isEmpty()),
                                        task -> task.after("confirm").reads("read", OrderWithNote.class))
                                .build(),
                        shipped -> shipped + " true");
    }

    @DatabaseTest
    void a_record_may_lose_a_field_if_it_ignores_what_it_does_not_know(TestDatabase database) {
        new Deployment(database, first())
                .completesWith(
                        second().task(
                                        "ship",
                                        context -> context.output("shipped "
                                                + context.get("read", LenientOrder.class)
                                                        .id()),
                                        task -> task.after("confirm").reads("read", LenientOrder.class))
                                .build(),
                        shipped -> shipped + " a");
    }

    @DatabaseTest
    void runs_for_the_elements_of_a_list_continue(TestDatabase database) {
        WorkflowDefinition before = order("1")
                .task(
                        "confirm",
                        DeployTest::nothing,
                        task -> task.forEach("lines").signal("yes"))
                .build();
        new Deployment(database, before, Map.of("lines", List.of("x", "y")))
                .completesWith(
                        order("2")
                                .task(
                                        "confirm",
                                        context -> context.output(context.element(String.class) + "2"),
                                        task -> task.forEach("lines").signal("yes"))
                                .task(
                                        "ship",
                                        context -> context.output(
                                                "shipped " + context.get("confirm", new TypeOf<List<String>>() {})),
                                        task -> task.after("confirm"))
                                .build(),
                        shipped -> shipped + " [x2, y2]");
    }

    @DatabaseTest
    void while_a_runner_has_the_old_version_it_finishes_what_is_its_own(TestDatabase database) {
        Deployment deployment = new Deployment(database, first());
        WorkflowDefinition next = second().task(
                        "ship", context -> context.output("shipped by 2"), task -> task.after("confirm"))
                .build();
        try (TestEngine old = deployment.start(first());
                TestEngine fresh = deployment.start(next)) {
            fresh.tick();
            UUID younger = fresh.submit("order");
            fresh.tick();
            assertThat(fresh.execution(deployment.id).version()).isEqualTo("1");
            old.engine().signal(deployment.id, "yes", null);
            old.engine().signal(younger, "yes", null);
            fresh.tick();
            old.tick();
            fresh.tick();
            assertThat(old.engine().context(deployment.id).get("ship", String.class))
                    .isEqualTo("shipped by 1");
            assertThat(old.engine().context(younger).get("ship", String.class)).isEqualTo("shipped by 2");
        }
    }

    @DatabaseTest
    void a_paused_execution_continues_paused_and_a_later_start_stays_later(TestDatabase database) {
        ManualClock clock = new ManualClock();
        UUID paused;
        UUID later;
        try (TestEngine engine =
                TestEngine.on(database.url()).clock(clock).workflow(first()).start()) {
            paused = engine.submit("order");
            engine.engine().pause(paused, "a look at it");
            later = engine.submit(Submission.of("order").delay(Duration.ofHours(1)));
            engine.tick();
        }
        WorkflowDefinition next = second().task("ship", DeployTest::nothing, task -> task.after("confirm"))
                .task("greet", DeployTest::nothing)
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).clock(clock).workflow(next).start()) {
            engine.tick();
            assertThat(engine.execution(paused).status()).isEqualTo(ExecutionStatus.PAUSED);
            assertThat(engine.task(paused, "greet").status()).isEqualTo(TaskStatus.READY);
            assertThat(engine.task(later, "greet").status()).isEqualTo(TaskStatus.READY);
            engine.engine().resume(paused);
            engine.tick();
            assertThat(engine.task(paused, "greet").status()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(engine.task(later, "greet").status()).isEqualTo(TaskStatus.READY);
            engine.advance(Duration.ofHours(1));
            assertThat(engine.task(later, "greet").status()).isEqualTo(TaskStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void whoever_lacks_the_code_submits_what_a_runner_has(TestDatabase database) {
        try (TestEngine runner = TestEngine.on(database.url())
                        .workflow(second().input("order", Order.class)
                                .limit(Limit.atMost(3).per("order"))
                                .build())
                        .start();
                TestEngine other = TestEngine.on(database.url())
                        .workflow(WorkflowDefinition.named("parent")
                                .task(
                                        "hand over",
                                        context -> context.output(Map.of("order", new Order("c", 3))),
                                        task -> task.child("order"))
                                .build())
                        .start();
                Engine client = Engine.builder(database.url()).client().start()) {
            UUID byClient = client.submit("order", Map.of("order", new Order("a", 1)));
            UUID byOther = other.submit("order", Map.of("order", Map.of("id", "b", "total", 2)));
            UUID parent = other.submit("parent");
            other.tick();
            runner.tick();
            UUID child = other.engine()
                    .list(ExecutionQuery.all().workflow("order"))
                    .get(0)
                    .id();
            for (UUID id : List.of(byClient, byOther, child)) {
                assertThat(runner, id).isRunning().hasTask("confirm").waiting();
                client.signal(id, "yes", null);
            }
            runner.tick();
            other.tick();
            assertThat(other, parent).isCompleted();
            assertThatThrownBy(() -> client.submit("ordr", Map.of()))
                    .isInstanceOf(UnknownWorkflowException.class)
                    .hasMessageContaining("[order, parent]")
                    .hasMessageContaining("Did you mean 'order'?");
            assertThat(client.list(ExecutionQuery.all()))
                    .extracting(Execution::workflow)
                    .containsExactlyInAnyOrder("order", "order", "order", "parent");
        }
    }

    @DatabaseTest
    void an_input_is_checked_when_it_is_submitted_by_whomever(TestDatabase database) {
        WorkflowDefinition workflow = second().input("order", Order.class)
                .input("at", Instant.class)
                .optionalInput("count", Integer.class)
                .refuseUnknownInput()
                .build();
        Map<String, Object> wrong = Map.of("order", Map.of("id", "a", "total", "many"), "count", "x", "ordr", 1);
        try (TestEngine runner =
                        TestEngine.on(database.url()).workflow(workflow).start();
                Engine client = Engine.builder(database.url()).client().start()) {
            for (Engine engine : List.of(runner.engine(), client)) {
                assertThatThrownBy(() -> engine.submit("order", wrong))
                        .isInstanceOfSatisfying(
                                CloacinaException.class,
                                e -> assertThat(e.code()).isEqualTo("INVALID_INPUT"))
                        .hasMessageContainingAll(
                                "workflow 'order'",
                                "order.total",
                                "at: expected ",
                                "count",
                                "ordr: this value is not declared")
                        .hasMessageContaining("Did you mean 'order'?");
                assertThatThrownBy(() -> engine.schedules()
                                .put(Schedule.of("nightly", "order")
                                        .cron("0 3 * * *")
                                        .input(wrong)))
                        .isInstanceOf(CloacinaException.class)
                        .hasMessageContaining("order.total");
            }
            assertThat(client.list(ExecutionQuery.all())).isEmpty();
            assertThat(client.schedules().list()).isEmpty();
        }
    }

    @DatabaseTest
    void what_began_with_a_package_continues_in_a_program_that_has_the_workflow_built_in(TestDatabase database) {
        ManualClock clock = new ManualClock();
        UUID id;
        try (TestEngine engine = TestEngine.on(database.url())
                .clock(clock)
                .configure(settings -> settings.packages(PackageTrust.any()))
                .start()) {
            engine.engine()
                    .packages()
                    .upload(
                            PackageJars.named("orders", "1")
                                    .supplier("acme.Flow", """
                                        WorkflowDefinition.named("order").version("1")
                                            .task("read", context -> context.output(Map.of("id", "a", "total", 7)))
                                            .task("confirm", context -> {}, task -> task.after("read").signal("yes"))
                                            .task("ship", context -> {}, task -> task.after("confirm"))
                                            .build()\
                                        """)
                                    .jar(),
                            null);
            id = engine.submit("order");
            engine.tick();
            engine.engine().packages().delete("orders", "1");
            engine.tick();
        }
        WorkflowDefinition next = second().task(
                        "ship",
                        context ->
                                context.output(context.get("read", Order.class).id()),
                        task -> task.after("confirm").reads("read", Order.class))
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).clock(clock).workflow(next).start()) {
            engine.tick();
            assertThat(engine.execution(id).version()).isEqualTo("2");
            engine.engine().signal(id, "yes", null);
            engine.tick();
            assertThat(engine, id).isCompleted();
            assertThat(engine.engine().context(id).get("ship", String.class)).isEqualTo("a");
        }
    }
}
