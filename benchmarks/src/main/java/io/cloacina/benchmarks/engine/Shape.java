package io.cloacina.benchmarks.engine;

import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A workflow that is measured; its bodies do nothing. */
enum Shape {
    /** One task. */
    SINGLE,
    /** Three tasks in sequence. */
    CHAIN,
    /** One task, three beside each other, one. */
    FAN,
    /** One task, a thousand beside each other, one. */
    WIDE,
    /** A thousand tasks in sequence. */
    LONG;

    private static final int MANY = 1_000;
    private static final int GROUP = 100;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Executions that are submitted together, and that the floor writes in one transaction. */
    int group() {
        return switch (this) {
            case SINGLE, CHAIN, FAN -> GROUP;
            case WIDE -> 1;
            // As many beside each other as the other shapes have, or its rate would be that of small commits.
            case LONG -> 2 * GROUP;
        };
    }

    /** Executions that may be under way. */
    int backlog() {
        return switch (this) {
            case SINGLE, CHAIN, FAN -> 20 * GROUP;
            case WIDE -> 4;
            case LONG -> 2 * GROUP;
        };
    }

    /** @param last the body of the one task that ends last */
    WorkflowDefinition definition(TaskBody last) {
        WorkflowDefinition.Builder builder = WorkflowDefinition.named(label()).version("1");
        return switch (this) {
            case SINGLE -> builder.task("only", last).build();
            case CHAIN -> sequence(builder, 3, last);
            case LONG -> sequence(builder, MANY, last);
            case FAN -> fan(builder, 3, last);
            case WIDE -> fan(builder, MANY, last);
        };
    }

    private static WorkflowDefinition sequence(WorkflowDefinition.Builder builder, int tasks, TaskBody last) {
        builder.task("step-0", context -> {});
        for (int i = 1; i < tasks; i++) {
            String before = "step-" + (i - 1);
            builder.task("step-" + i, i == tasks - 1 ? last : context -> {}, task -> task.after(before));
        }
        return builder.build();
    }

    private static WorkflowDefinition fan(WorkflowDefinition.Builder builder, int parts, TaskBody last) {
        builder.task("start", context -> {});
        List<String> names =
                IntStream.range(0, parts).mapToObj(part -> "part-" + part).toList();
        names.forEach(name -> builder.task(name, context -> {}, task -> task.after("start")));
        return builder.task("end", last, task -> task.after(names)).build();
    }
}
