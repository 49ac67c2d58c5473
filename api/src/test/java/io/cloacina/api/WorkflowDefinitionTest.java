package io.cloacina.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkflowDefinitionTest {
    private static final TaskBody NOTHING = context -> {};

    /** {@code a} before {@code b} and {@code c}, these before {@code d}; {@code e} alone. */
    private static WorkflowDefinition diamond() {
        return WorkflowDefinition.named("w")
                .task("d", NOTHING, task -> task.after("b", "c"))
                .task("c", NOTHING, task -> task.after("a"))
                .task("b", NOTHING, task -> task.after("a"))
                .task("a", NOTHING)
                .task("e", NOTHING)
                .build();
    }

    @Test
    void tasks_come_after_their_dependencies_and_otherwise_as_declared() {
        WorkflowDefinition workflow = diamond();

        assertThat(workflow.tasks()).extracting(TaskDefinition::name).containsExactly("a", "c", "b", "d", "e");
        assertThat(workflow.tasks()).extracting(TaskDefinition::position).containsExactly(0, 1, 2, 3, 4);
        assertThat(workflow.task("d").orElseThrow().dependencies()).containsExactly("b", "c");
        assertThat(workflow.task("nobody")).isEmpty();
        assertThat(workflow.tasks()).isSameAs(workflow.tasks()).isUnmodifiable();
    }

    @Test
    void a_class_that_nothing_was_generated_for_is_refused_with_the_usual_causes() {
        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> WorkflowDefinition.of(new Object()))
                .withMessageContaining("there is no generated definition of java.lang.Object")
                .withMessageContaining("@Workflow")
                .withMessageContaining("maven-compiler-plugin")
                .satisfies(e -> assertThat(e.code()).isEqualTo("NO_PROVIDER"));
    }

    @Test
    void neighbours_are_in_topological_order() {
        WorkflowDefinition workflow = diamond();
        TaskDefinition a = workflow.task("a").orElseThrow();

        assertThat(workflow.successors("a")).containsExactly("c", "b");
        assertThat(workflow.successors("d")).isEmpty();
        assertUnknown(() -> workflow.successors("nobody"));
        assertThat(workflow.successorsOf(a))
                .containsExactly(
                        workflow.task("c").orElseThrow(), workflow.task("b").orElseThrow())
                .isSameAs(workflow.successorsOf(a))
                .isUnmodifiable();
        assertThat(workflow.roots()).extracting(TaskDefinition::name).containsExactly("a", "e");
        assertThat(workflow.leaves()).extracting(TaskDefinition::name).containsExactly("d", "e");
    }

    @Test
    void a_task_is_one_level_behind_its_last_dependency() {
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .task("a", NOTHING)
                .task("b", NOTHING, task -> task.after("a"))
                .task("c", NOTHING, task -> task.after("a", "b"))
                .task("d", NOTHING)
                .build();

        assertThat(workflow.levels()).containsExactly(List.of("a", "d"), List.of("b"), List.of("c"));
    }

    @Test
    void ancestors_are_all_that_is_before_a_task_in_topological_order() {
        WorkflowDefinition workflow = diamond();

        assertThat(workflow.ancestors("d")).containsExactly("a", "c", "b");
        assertThat(workflow.ancestors("b")).containsExactly("a");
        assertThat(workflow.ancestors("e")).isEmpty();
        assertUnknown(() -> workflow.ancestors("nobody"));
        assertThat(workflow.ancestorsOf(workflow.task("d").orElseThrow()))
                .containsExactlyElementsOf(workflow.tasks().subList(0, 3));
    }

    @Test
    void a_task_of_another_workflow_is_refused() {
        TaskDefinition foreign = diamond().task("a").orElseThrow();
        WorkflowDefinition workflow = diamond();

        assertThatExceptionOfType(CloacinaException.class)
                .isThrownBy(() -> workflow.successorsOf(foreign))
                .withMessage("task 'a' is not one of " + workflow);
        assertThatExceptionOfType(CloacinaException.class).isThrownBy(() -> workflow.ancestorsOf(foreign));
    }

    @Test
    void a_task_has_the_options_it_was_given() {
        TriggerRule rule = TriggerRule.always();
        RetryPolicy retry = RetryPolicy.linear(3, Duration.ofSeconds(1));
        TaskCallback completed = outcome -> {};
        TaskCallback failed = outcome -> {};

        TaskDefinition task = WorkflowDefinition.named("w")
                .task("first", NOTHING)
                .task("second", NOTHING)
                .task(
                        "task",
                        NOTHING,
                        options -> options.after(List.of("first"))
                                .after("second")
                                .when(rule)
                                .retry(retry)
                                .timeout(Duration.ofSeconds(5))
                                .priority(-1_000)
                                .transactional()
                                .onCompleted(completed)
                                .onFailed(failed))
                .build()
                .task("task")
                .orElseThrow();

        assertThat(task.dependencies()).containsExactly("first", "second");
        assertThat(task.rule()).isSameAs(rule);
        assertThat(task.retry()).isSameAs(retry);
        assertThat(task.timeout()).contains(Duration.ofSeconds(5));
        assertThat(task.priority()).isEqualTo(-1_000);
        assertThat(task.isTransactional()).isTrue();
        assertThat(task.body()).isSameAs(NOTHING);
        assertThat(task.onCompleted()).containsSame(completed);
        assertThat(task.onFailed()).containsSame(failed);
    }

    @Test
    void a_task_without_options_waits_for_nothing_and_is_tried_once() {
        TaskDefinition task =
                WorkflowDefinition.named("w").task("a", NOTHING).build().roots().get(0);

        assertThat(task.dependencies()).isEmpty();
        assertThat(task.rule()).isEqualTo(TriggerRule.dependenciesCompleted());
        assertThat(task.retry()).isSameAs(RetryPolicy.NONE);
        assertThat(task.timeout()).isEmpty();
        assertThat(task.priority()).isZero();
        assertThat(task.isTransactional()).isFalse();
        assertThat(task.onCompleted()).isEmpty();
        assertThat(task.onFailed()).isEmpty();
    }

    @Test
    @Timeout(5)
    void a_chain_of_ten_thousand_tasks_is_built_from_any_order_of_declaration() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("chain");
        for (int i = 9_999; i >= 0; i--) {
            List<String> before = i == 0 ? List.of() : List.of("t" + (i - 1));
            builder.task("t" + i, NOTHING, task -> task.after(before));
        }

        WorkflowDefinition workflow = builder.build();

        assertThat(workflow.tasks()).hasSize(10_000);
        assertThat(workflow.tasks().get(9_999).name()).isEqualTo("t9999");
        assertThat(workflow.levels()).hasSize(10_000);
        assertThat(workflow.ancestors("t9999")).hasSize(9_999);
    }

    @Test
    @Timeout(5)
    void a_fan_out_to_ten_thousand_tasks_and_back_is_built() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("fan").task("first", NOTHING);
        List<String> middle = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            middle.add("t" + i);
            builder.task("t" + i, NOTHING, task -> task.after("first"));
        }

        WorkflowDefinition workflow =
                builder.task("last", NOTHING, task -> task.after(middle)).build();

        assertThat(workflow.successors("first")).isEqualTo(middle);
        assertThat(workflow.leaves()).extracting(TaskDefinition::name).containsExactly("last");
    }

    @Test
    @Timeout(10)
    void a_million_dependencies_are_built() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("layers");
        List<String> before = List.of();
        for (int layer = 0; layer < 101; layer++) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                List<String> dependencies = before;
                names.add("t" + layer + "-" + i);
                builder.task(names.get(i), NOTHING, task -> task.after(dependencies));
            }
            before = names;
        }

        WorkflowDefinition workflow = builder.build();

        assertThat(workflow.levels())
                .hasSize(101)
                .allSatisfy(level -> assertThat(level).hasSize(100));
        assertThat(workflow.ancestors("t100-99")).hasSize(10_000);
    }

    private static void assertUnknown(ThrowingCallable call) {
        assertThatExceptionOfType(NotFoundException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo("UNKNOWN_TASK"))
                .withMessageContaining("has no task 'nobody'");
    }
}
