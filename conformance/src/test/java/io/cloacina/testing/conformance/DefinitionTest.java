package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What of definitions needs an engine; the rest is tested where they are. */
@Timeout(60)
class DefinitionTest {
    private static final TaskBody NOTHING = context -> {};

    @DatabaseTest
    void an_execution_has_the_version_and_the_tasks_of_its_definition_in_order(TestDatabase database) {
        WorkflowDefinition definition = WorkflowDefinition.named("ordered")
                .task("last", NOTHING, task -> task.after("b", "a"))
                .task("b", NOTHING)
                .task("a", NOTHING)
                .build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(definition).start()) {
            Execution done = engine.run("ordered");

            assertThat(done.version()).isEqualTo(definition.version());
            assertThat(engine.tasks(done.id())).extracting(TaskExecution::name).containsExactly("b", "a", "last");
        }
    }

    @DatabaseTest
    void a_definition_whose_static_type_is_object_is_taken_for_what_it_is(TestDatabase database) {
        Object definition = WorkflowDefinition.named("typed").task("a", NOTHING).build();
        try (TestEngine engine =
                TestEngine.on(database.url()).workflow(definition).start()) {
            assertThat(engine.run("typed")).isCompleted();
        }
    }

    @Test
    void what_is_almost_a_workflow_is_refused_with_what_to_do() {
        Object unbuilt = WorkflowDefinition.named("unbuilt").task("a", NOTHING);
        EngineBuilder builder = Engine.builder("sqlite::memory:");

        assertThatThrownBy(() -> builder.workflow(unbuilt))
                .isInstanceOf(CloacinaException.class)
                .hasMessage("a builder was passed instead of a definition: call its build() method");
        assertThatThrownBy(() -> builder.workflow(DefinitionTest.class))
                .isInstanceOf(CloacinaException.class)
                .hasMessage("the class " + DefinitionTest.class.getName()
                        + " was passed instead of an instance: pass an instance of it");
    }

    @DatabaseTest
    void an_execution_of_another_version_is_left_to_who_has_it(TestDatabase database) {
        WorkflowDefinition one = WorkflowDefinition.named("changing")
                .version("1")
                .task("a", NOTHING)
                .build();
        WorkflowDefinition two = WorkflowDefinition.named("changing")
                .version("2")
                .task("a", NOTHING)
                .task("b", NOTHING, task -> task.after("a"))
                .build();
        try (TestEngine old = TestEngine.on(database.url()).workflow(one).start();
                TestEngine young = TestEngine.on(database.url()).workflow(two).start()) {
            UUID id = old.submit("changing");

            young.tick();
            assertThat(young, id).isPending();

            old.tick();
            assertThat(old, id).isCompleted();
        }
    }

    @DatabaseTest
    void two_workflows_of_one_name_are_refused(TestDatabase database) {
        WorkflowDefinition one =
                WorkflowDefinition.named("twin").task("a", NOTHING).build();
        WorkflowDefinition two =
                WorkflowDefinition.named("twin").task("b", NOTHING).build();

        assertThatThrownBy(() -> TestEngine.on(database.url())
                        .workflow(one)
                        .workflow(two)
                        .start())
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("DUPLICATE_WORKFLOW"))
                .hasMessageContaining("'twin'");
    }

    @DatabaseTest
    void a_workflow_with_more_tasks_than_are_allowed_is_refused(TestDatabase database) {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("wide");
        IntStream.range(0, 11).forEach(i -> builder.task("task " + i, NOTHING));

        assertThatThrownBy(() -> TestEngine.on(database.url())
                        .workflow(builder.build())
                        .configure(engine -> engine.maxTasks(10))
                        .start())
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("TOO_MANY_TASKS"))
                .hasMessageContaining("'wide'")
                .hasMessageContaining("11")
                .hasMessageContaining("10");
    }
}
