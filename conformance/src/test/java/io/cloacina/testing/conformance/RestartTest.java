package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.ValueOperator;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.Restart;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

/** Executions that are begun anew after they have ended. */
@Timeout(60)
class RestartTest {
    private static final TaskBody NOTHING = context -> {};

    private final List<String> ran = new ArrayList<>();

    private TaskBody writes(Object output) {
        return context -> {
            ran.add(context.taskName());
            context.output(output);
        };
    }

    private TaskBody fails() {
        return context -> {
            ran.add(context.taskName());
            if (context.find("fail", Boolean.class).orElse(false)) {
                throw new IllegalStateException("no truck");
            }
            context.output(context.get("pay", String.class) + " to "
                    + context.find("to", String.class).orElse("nobody"));
        };
    }

    /** Pays, then ships or refunds, and checks something beside. */
    private WorkflowDefinition.Builder order(String version) {
        return WorkflowDefinition.named("order")
                .version(version)
                .task("pay", writes("receipt"))
                .task("check", writes("checked"))
                .task("ship", fails(), task -> task.after("pay"))
                .task("thank", writes("thanks"), task -> task.after("ship", "check"))
                .task(
                        "refund",
                        writes("refunded"),
                        task -> task.after("ship").when(TriggerRule.all(TriggerCondition.taskFailed("ship"))));
    }

    private TestEngine engine(TestDatabase database, WorkflowDefinition workflow) {
        return TestEngine.on(database.url()).workflow(workflow).start();
    }

    @DatabaseTest
    void it_begins_with_a_task_and_keeps_what_the_others_wrote(TestDatabase database) {
        try (TestEngine engine = engine(database, order("1").build())) {
            UUID first = engine.run("order", Map.of("fail", true)).id();
            assertThat(engine, first).isFailed().hasTask("refund").completed();
            ran.clear();

            UUID second = engine.engine().restart(Restart.of(first).from("ship").input(Map.of("to", "Ada")));
            assertThat(engine, second).hasTask("pay").completed().onAttempt(1);
            engine.tick();

            assertThat(engine, second).isCompleted().skipped("refund");
            assertThat(ran).containsExactly("ship", "thank");
            assertThat(engine.engine().context(second).json())
                    .isEqualTo("{\"to\":\"Ada\",\"pay\":\"receipt\",\"check\":\"checked\",\"ship\":\"receipt to Ada\","
                            + "\"thank\":\"thanks\"}");
            assertThat(engine.execution(second).restartedFrom()).isEqualTo(first);
            assertThat(engine.execution(first).restartedFrom()).isNull();
            assertThat(engine, first).isFailed();
        }
    }

    @DatabaseTest
    void it_begins_with_all_tasks_and_the_same_input_when_none_is_named(TestDatabase database) {
        try (TestEngine engine = engine(database, order("1").build())) {
            UUID first = engine.run("order", Map.of("to", "Ada")).id();
            ran.clear();
            UUID second = engine.engine().restart(first);
            engine.tick();
            assertThat(engine, second).isCompleted();
            assertThat(ran).containsExactlyInAnyOrder("pay", "check", "ship", "thank");
            assertThat(engine.engine().context(second).get("ship", String.class))
                    .isEqualTo("receipt to Ada");
            assertThat(engine.execution(second).restartedFrom()).isEqualTo(first);
        }
    }

    @DatabaseTest
    void a_kept_task_that_waited_for_its_elements_keeps_its_number_of_attempts(TestDatabase database) {
        WorkflowDefinition workflow = WorkflowDefinition.named("boxes")
                .version("1")
                .task("list", writes(List.of(1, 2)))
                .task("pack", writes("packed"), task -> task.after("list").forEach("list"))
                .task("ship", writes("shipped"), task -> task.after("pack"))
                .build();
        try (TestEngine engine = engine(database, workflow)) {
            UUID first = engine.run("boxes").id();
            assertThat(engine, first).isCompleted().hasTask("pack").onAttempt(1);

            UUID second = engine.engine().restart(Restart.of(first).from("ship"));

            assertThat(engine, second).hasTask("pack").completed().onAttempt(1);
        }
    }

    @DatabaseTest
    void what_failed_or_was_skipped_before_stays_so(TestDatabase database) {
        WorkflowDefinition workflow = WorkflowDefinition.named("order")
                .version("1")
                .task("bad", context -> {
                    throw new IllegalStateException("never");
                })
                .task("skipped", NOTHING, task -> task.after("bad"))
                .task("clean up", writes("clean"), task -> task.after("skipped").when(TriggerRule.always()))
                .task("tell", writes("told"), task -> task.after("clean up"))
                .build();
        try (TestEngine engine = engine(database, workflow)) {
            UUID first = engine.run("order").id();
            ran.clear();
            UUID second = engine.engine().restart(Restart.of(first).from("clean up"));
            engine.tick();
            assertThat(engine, second).isFailed().hasTask("bad").failed().because("never");
            assertThat(engine, second).skipped("skipped");
            assertThat(engine.execution(second).error()).isEqualTo("failed tasks: bad");
            assertThat(ran).containsExactly("clean up", "tell");
        }
    }

    @DatabaseTest
    void a_client_restarts_with_the_newest_version_that_another_process_has(TestDatabase database) {
        UUID first;
        try (TestEngine engine = engine(database, order("1").build())) {
            first = engine.run("order", Map.of("fail", true)).id();
        }
        WorkflowDefinition newer = order("2")
                .task("insure", writes("insured"), task -> task.after("pay"))
                .task("never", NOTHING, task -> task.after("check"))
                .build();
        try (TestEngine engine = engine(database, newer);
                Engine client = Engine.builder(database.url()).client().start()) {
            ran.clear();
            UUID second = client.restart(Restart.of(first).from("ship").input(Map.of()));
            engine.tick();
            assertThat(engine, second).isCompleted();
            assertThat(engine.execution(second).version()).isEqualTo("2");
            assertThat(ran).containsExactlyInAnyOrder("ship", "thank", "insure");
        }
    }

    @DatabaseTest
    void a_task_that_is_new_has_its_rule_decided(TestDatabase database) {
        UUID first;
        try (TestEngine engine = engine(database, order("1").build())) {
            first = engine.run("order").id();
        }
        WorkflowDefinition newer = order("2")
                .task(
                        "if unpaid",
                        writes("unpaid"),
                        task -> task.after("pay").when(TriggerRule.all(TriggerCondition.taskFailed("pay"))))
                .task(
                        "if paid",
                        writes("paid"),
                        task -> task.after("pay")
                                .when(TriggerRule.all(
                                        TriggerCondition.contextValue("pay", ValueOperator.EQUALS, "receipt"))))
                .build();
        try (TestEngine engine = engine(database, newer);
                Engine client = Engine.builder(database.url()).client().start()) {
            UUID second = engine.engine().restart(Restart.of(first).from("ship"));
            engine.tick();
            assertThat(engine, second).isCompleted().hasTask("if paid").completed();
            assertThat(engine, second).skipped("if unpaid");

            UUID ofClient = client.restart(Restart.of(first).from("ship"));
            engine.tick();
            assertThat(engine, ofClient).isCompleted().hasTask("if paid").completed();
            assertThat(engine, ofClient).skipped("if unpaid");
        }
    }

    @DatabaseTest
    void what_cannot_be_restarted_is_refused_and_stores_nothing(TestDatabase database) {
        UUID done;
        UUID cancelled;
        try (TestEngine engine = engine(
                database,
                order("1")
                        .task("wait", NOTHING, task -> task.after("check").signal("yes"))
                        .task("end", NOTHING, task -> task.after("wait"))
                        .build())) {
            cancelled = engine.submit("order");
            engine.tick();
            assertThatThrownBy(() -> engine.engine().restart(cancelled))
                    .isInstanceOf(ExecutionStateException.class)
                    .hasMessageContaining("is Running and cannot be restarted");
            engine.engine().cancel(cancelled);
            done = engine.submit("order");
            engine.engine().signal(done, "yes", null);
            engine.tick();
            assertThat(engine, done).isCompleted();
            assertRefused(
                    engine.engine(),
                    Restart.of(done).from("shp"),
                    "UNKNOWN_TASK",
                    "workflow order@1 has no task 'shp'. Did you mean 'ship'?");
            assertRefused(
                    engine.engine(),
                    Restart.of(cancelled).from("end"),
                    "RESTART_REFUSED",
                    "task 'end' comes after 'wait', which did not end in that execution");
            assertThat(engine.engine().list(ExecutionQuery.all())).hasSize(2);

            UUID anew = engine.engine().restart(Restart.of(cancelled).from("ship"));
            engine.tick();
            assertThat(engine, anew).isRunning().hasTask("wait").waiting();
        }
        WorkflowDefinition newer = WorkflowDefinition.named("order")
                .version("2")
                .task("pay", NOTHING)
                .task("ship", NOTHING, task -> task.after("pay").reads("pay", Integer.class))
                .input("to", String.class)
                .build();
        try (TestEngine engine = engine(database, newer)) {
            assertRefused(
                    engine.engine(),
                    Restart.of(done).from("ship").input(Map.of("to", "Ada")),
                    "RESTART_REFUSED",
                    "task 'ship' cannot read what was written before: ");
            assertRefused(engine.engine(), Restart.of(done), "INVALID_INPUT", "to: expected ");
            assertThat(engine.engine().list(ExecutionQuery.all())).hasSize(3);
        }
    }

    private static void assertRefused(Engine engine, Restart restart, String code, String why) {
        assertThatThrownBy(() -> engine.restart(restart))
                .isInstanceOfSatisfying(
                        CloacinaException.class,
                        refused -> assertThat(refused.code()).isEqualTo(code))
                .hasMessageContaining(why);
    }
}
