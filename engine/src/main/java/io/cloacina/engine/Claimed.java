package io.cloacina.engine;

import io.cloacina.api.TaskDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A claimed task with what its run needs; {@code priority} is that of its row. {@code task} is null when the definition has no such task any more; {@code base} is
 * what the task sees, or {@code input} its text; without either it has to be loaded.
 */
record Claimed(
        Claim claim,
        Workflow workflow,
        @Nullable TaskDefinition task,
        int priority,
        @Nullable Base base,
        @Nullable String input) {
    Claimed(Claim claim, Workflow workflow, @Nullable TaskDefinition task, int priority, @Nullable Base base) {
        this(claim, workflow, task, priority, base, null);
    }

    Claimed with(Base given) {
        return new Claimed(claim, workflow, task, priority, given, null);
    }

    /** What it sees is this input and nothing else; read by its run, because it may be damaged. */
    Claimed withInput(String json) {
        return new Claimed(claim, workflow, task, priority, null, json);
    }
}
