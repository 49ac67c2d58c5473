package io.cloacina.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkflowDefinitionTest {
    private static final TaskBody NOTHING = context -> {};

    @Test
    void tasks_come_after_their_dependencies_and_otherwise_as_declared() {
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .task("d", NOTHING, task -> task.after("b", "c"))
                .task("c", NOTHING, task -> task.after("a"))
                .task("b", NOTHING, task -> task.after("a"))
                .task("a", NOTHING)
                .build();

        assertThat(workflow.tasks()).extracting(TaskDefinition::name).containsExactly("a", "c", "b", "d");
        assertThat(workflow.successors("a")).containsExactly("c", "b");
        assertThat(workflow.successors("d")).isEmpty();
    }

    @Test
    void every_problem_is_reported_at_once() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named(" ")
                .task("a", NOTHING, task -> task.after("nowhere", "b", "b"))
                .task("b", NOTHING)
                .task("b", NOTHING);

        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        InvalidWorkflowException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "the name of the workflow is blank",
                                        "task 'a' depends on 'nowhere', which is not declared",
                                        "task 'a' names its dependency 'b' twice",
                                        "task 'b' is declared twice"));
    }

    @Test
    void a_cycle_is_named() {
        assertThatThrownBy(() -> WorkflowDefinition.named("w")
                        .task("root", NOTHING)
                        .task("behind", NOTHING, task -> task.after("x"))
                        .task("x", NOTHING, task -> task.after("root", "y"))
                        .task("y", NOTHING, task -> task.after("z"))
                        .task("z", NOTHING, task -> task.after("x"))
                        .build())
                .hasMessageContaining("in a cycle: x -> y -> z -> x");
    }

    @Test
    void an_empty_workflow_is_refused() {
        assertThatThrownBy(() -> WorkflowDefinition.named("w").build()).hasMessageContaining("it has no task");
    }

    @Test
    void the_version_follows_the_structure_unless_it_is_given() {
        WorkflowDefinition one =
                WorkflowDefinition.named("w").task("a", NOTHING).build();
        WorkflowDefinition same =
                WorkflowDefinition.named("w").task("a", NOTHING).build();
        WorkflowDefinition other = WorkflowDefinition.named("w")
                .task("a", NOTHING)
                .task("b", NOTHING)
                .build();
        WorkflowDefinition given =
                WorkflowDefinition.named("w").version("2").task("a", NOTHING).build();

        assertThat(one.version()).isEqualTo(same.version()).isNotEqualTo(other.version());
        assertThat(given.version()).isEqualTo("2");
    }

    @Test
    void a_large_graph_is_built_from_any_order_of_declaration() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("large");
        for (int i = 9_999; i >= 0; i--) {
            List<String> before = i == 0 ? List.of() : List.of("t" + (i - 1));
            builder.task("t" + i, NOTHING, task -> task.after(before.toArray(String[]::new)));
        }

        WorkflowDefinition workflow = builder.build();

        assertThat(workflow.tasks()).hasSize(10_000);
        assertThat(workflow.tasks().get(9_999).name()).isEqualTo("t9999");
    }
}
