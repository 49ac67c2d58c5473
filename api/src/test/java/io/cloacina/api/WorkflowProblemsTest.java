package io.cloacina.api;

import static io.cloacina.api.TriggerCondition.contextValue;
import static io.cloacina.api.TriggerCondition.taskCompleted;
import static io.cloacina.api.TriggerCondition.taskFailed;
import static io.cloacina.api.TriggerCondition.taskSkipped;
import static io.cloacina.api.TriggerRule.all;
import static io.cloacina.api.TriggerRule.any;
import static io.cloacina.api.TriggerRule.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WorkflowProblemsTest {
    private static final TaskBody NOTHING = context -> {};

    @Test
    void a_child_of_the_same_workflow_that_its_limit_would_keep_waiting_for_its_parent_is_refused() {
        assertThat(problems(sameAsChild(Limit.atMost(1))))
                .containsExactly("task 'again' has a child of the same workflow, which under the limit"
                        + " 'at once 1' waits for its own parent, forever; raise the limit, declare it per key, or"
                        + " put it on a task that has no child");
        // These may have room for it.
        sameAsChild(Limit.atMost(2)).build();
        sameAsChild(Limit.atMost(1).per("folder")).build();
        sameAsChild(Limit.starts(1, Duration.ofHours(1))).build();
    }

    @Test
    void a_limited_task_that_its_own_child_would_wait_for_is_refused() {
        String problem = "task 'again' has a child of the same workflow, whose task 'again' waits under the"
                + " limit 'at once 1' for that of its own parent, forever; raise the limit, declare it per key,"
                + " or put it on a task that has no child";
        assertThat(problems(limitedTask(Limit.atMost(1)))).containsExactly(problem);
        assertThat(problems(WorkflowDefinition.named("folder")
                        .task(
                                "again",
                                NOTHING,
                                task -> task.forEach("folders").child("folder").limit(Limit.atMost(1)))))
                .containsExactly(problem);
        // These may have room for it.
        limitedTask(Limit.atMost(2)).build();
        limitedTask(Limit.atMost(1).per("folder")).build();
        limitedTask(Limit.starts(1, Duration.ofHours(1))).build();
    }

    private static WorkflowDefinition.Builder limitedTask(Limit limit) {
        return WorkflowDefinition.named("folder")
                .task("again", NOTHING, task -> task.child("folder").limit(limit));
    }

    private static WorkflowDefinition.Builder sameAsChild(Limit limit) {
        return WorkflowDefinition.named("folder").limit(limit).task("again", NOTHING, task -> task.child("folder"));
    }

    @Test
    void every_problem_is_reported_at_once() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named(" ")
                .version("")
                .task("a", NOTHING, task -> task.after("nowhere", "b", "b"))
                .task("b", NOTHING)
                .task("b", NOTHING)
                .task("self", NOTHING, task -> task.after("self"))
                .task("ping", NOTHING, task -> task.after("pong"))
                .task("pong", NOTHING, task -> task.after("ping"))
                .task("rule", NOTHING, task -> task.after("b").when(all(taskCompleted("gone"), taskFailed("a"))));

        assertThat(problems(builder))
                .containsExactly(
                        "the name of the workflow is blank",
                        "the version is blank",
                        "task 'a' depends on 'nowhere', which is not declared",
                        "task 'a' names its dependency 'b' twice",
                        "task 'b' is declared twice",
                        "task 'self' depends on itself",
                        "tasks depend on each other in a cycle: ping -> pong -> ping; remove one of these dependencies",
                        "the rule of task 'rule' names 'gone', which is not declared",
                        "the rule of task 'rule' names 'a', on which it does not depend, so that its state"
                                + " would be unknown; name a direct or indirect dependency");
    }

    @Test
    void an_empty_workflow_is_refused() {
        assertThat(problems(WorkflowDefinition.named("w"))).containsExactly("it has no task");
    }

    @Test
    void a_similar_name_is_suggested() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("w")
                .task("extract", NOTHING)
                .task("load", NOTHING, task -> task.after("extarct"))
                .task("report", NOTHING, task -> task.after("load").when(any(taskCompleted("laod"))))
                .task("far", NOTHING, task -> task.after("something"));

        assertThat(problems(builder))
                .containsExactly(
                        "task 'load' depends on 'extarct', which is not declared; did you mean 'extract'?",
                        "task 'far' depends on 'something', which is not declared",
                        "the rule of task 'report' names 'laod', which is not declared; did you mean 'load'?");
    }

    @Test
    void the_nearest_name_is_within_a_step_for_three_characters() {
        List<String> names = List.of("ship-order", "ship-orders", "Read", "abcdefghij");

        assertThat(Names.nearest("ship-ordes", names)).contains("ship-order");
        assertThat(Names.nearest("ship-oorders", names)).contains("ship-orders");
        assertThat(Names.nearest("read", names)).contains("Read");
        assertThat(Names.nearest("Raed", names)).contains("Read");
        assertThat(Names.nearest("Reed up", names)).isEmpty();
        assertThat(Names.nearest("badcfehgij", names)).isEmpty();
        assertThat(Names.nearest("abdcefhgij", names)).contains("abcdefghij");
        assertThat(Names.nearest("x", List.of("y"))).isEmpty();
        assertThat(Names.nearest("", names)).isEmpty();
    }

    @Test
    void cycles_are_named() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("w")
                .task("root", NOTHING)
                .task("behind", NOTHING, task -> task.after("x"))
                .task("x", NOTHING, task -> task.after("root", "y"))
                .task("y", NOTHING, task -> task.after("z"))
                .task("z", NOTHING, task -> task.after("x"))
                .task("p", NOTHING, task -> task.after("q"))
                .task("q", NOTHING, task -> task.after("p"));

        assertThat(problems(builder))
                .containsExactly(
                        "tasks depend on each other in a cycle: x -> y -> z -> x; remove one of these dependencies",
                        "tasks depend on each other in a cycle: p -> q -> p; remove one of these dependencies");
    }

    @Test
    void a_very_long_cycle_is_found_and_shortened() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("w");
        for (int i = 0; i < 20_000; i++) {
            String before = "t" + (i + 1) % 20_000;
            builder.task("t" + i, NOTHING, task -> task.after(before));
        }

        assertThat(problems(builder))
                .singleElement()
                .asString()
                .startsWith("tasks depend on each other in a cycle: t0 -> t1 -> ")
                .endsWith(" -> t19 -> … 19980 more -> t0; remove one of these dependencies");
    }

    @Test
    void a_rule_may_name_direct_and_indirect_dependencies() {
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .task("a", NOTHING, task -> task.when(any(contextValue("city", ValueOperator.EXISTS))))
                .task("b", NOTHING, task -> task.after("a"))
                .task("c", NOTHING, task -> task.after("b").when(none(taskSkipped("a"), taskFailed("b"))))
                .build();

        assertThat(workflow.task("c").orElseThrow().rule()).isEqualTo(none(taskSkipped("a"), taskFailed("b")));
    }

    @Test
    void a_rule_that_names_a_task_not_before_it_is_refused() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("w")
                .task("a", NOTHING)
                .task("b", NOTHING, task -> task.after("a").when(all(taskCompleted("c"), taskCompleted("c"))))
                .task("c", NOTHING, task -> task.after("b").when(all(taskCompleted("a"), taskCompleted("c"))))
                .task("root", NOTHING, task -> task.when(any(taskFailed("a"))));

        assertThat(problems(builder))
                .containsExactly(
                        "the rule of task 'c' names the task itself",
                        "the rule of task 'root' names 'a', but the task has no dependencies; add a dependency on 'a'",
                        "the rule of task 'b' names 'c', on which it does not depend, so that its state"
                                + " would be unknown; name a direct or indirect dependency");
    }

    @Test
    void many_rules_with_far_names_are_checked_in_groups() {
        WorkflowDefinition.Builder builder =
                WorkflowDefinition.named("w").task("other", NOTHING).task("t0", NOTHING);
        for (int i = 1; i < 1_000; i++) {
            String before = "t" + (i - 1);
            String far = i == 777 ? "other" : "t" + i / 2;
            builder.task(
                    "t" + i, NOTHING, task -> task.after(before).when(all(taskCompleted(before), taskCompleted(far))));
        }

        assertThat(problems(builder)).singleElement().asString().startsWith("the rule of task 't777' names 'other'");
    }

    @Test
    void a_name_that_a_database_would_refuse_is_refused() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("tab\there")
                .task("zero\u0000", NOTHING)
                .task("half\ud83d", NOTHING)
                .task("\ude00\ud83d", NOTHING)
                .task("smile\ud83d\ude00", NOTHING)
                .task("\u2003", NOTHING)
                .task("x".repeat(201), NOTHING)
                .task("x".repeat(200), NOTHING);

        assertThat(problems(builder))
                .containsExactly(
                        "the name of the workflow has the control character \\u0009: 'tab\\u0009here'",
                        "the name of a task has the control character \\u0000: 'zero\\u0000'",
                        "the name of a task has half of a surrogate pair at 4: 'half\\ud83d'",
                        "the name of a task has half of a surrogate pair at 0: '\\ude00\\ud83d'",
                        "the name of a task is blank",
                        "the name of a task has 201 characters; at most 200 are allowed: '" + "x".repeat(40) + "…'");
    }

    @Test
    void a_version_has_up_to_a_hundred_characters() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("w").task("a", NOTHING);

        assertThat(builder.version("v".repeat(100)).build().version()).hasSize(100);
        assertThat(problems(builder.version("v".repeat(101))))
                .singleElement()
                .asString()
                .startsWith("the version has 101 characters; at most 100 are allowed");
        assertThat(problems(builder.version("\n2")))
                .containsExactly("the version has the control character \\u000a: '\\u000a2'");
    }

    @Test
    void there_are_at_most_a_hundred_thousand_tasks() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("w");
        IntStream.range(0, WorkflowDefinition.MAX_TASKS).forEach(i -> builder.task("t" + i, NOTHING));

        assertThat(builder.build().tasks()).hasSize(100_000);
        assertThat(problems(builder.task("one more", NOTHING)))
                .containsExactly("it has 100001 tasks; at most 100000 are allowed");
    }

    @Test
    void a_broken_large_workflow_is_refused_quickly() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("w");
        for (int i = 0; i < 20_000; i++) {
            String unknown = "tusk-" + i;
            builder.task("task-" + i, NOTHING, task -> task.after(unknown));
        }

        List<String> problems = problems(builder);

        assertThat(problems).hasSize(20_000);
        assertThat(problems)
                .filteredOn(problem -> problem.contains("did you mean"))
                .hasSize(20);
    }

    @Test
    void options_out_of_bounds_are_refused_where_they_are_given() {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named("w");

        for (Duration timeout : List.of(Duration.ZERO, Duration.ofNanos(-1))) {
            assertThatExceptionOfType(CloacinaException.class)
                    .isThrownBy(() -> builder.task("a", NOTHING, task -> task.timeout(timeout)))
                    .withMessage("the timeout must be more than zero, but is " + Arguments.span(timeout));
        }
        for (int priority : new int[] {-1001, 1001}) {
            assertThatExceptionOfType(CloacinaException.class)
                    .isThrownBy(() -> builder.task("a", NOTHING, task -> task.priority(priority)))
                    .withMessage("the priority must be from -1000 to 1000, not " + priority);
        }
        assertThat(problems(builder)).containsExactly("it has no task");
    }

    private static List<String> problems(WorkflowDefinition.Builder builder) {
        return catchThrowableOfType(InvalidWorkflowException.class, builder::build)
                .problems();
    }
}
