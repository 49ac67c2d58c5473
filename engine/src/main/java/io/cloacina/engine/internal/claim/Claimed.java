package io.cloacina.engine.internal.claim;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.model.TaskRun;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A claimed task with what its run needs.
 *
 * @param task null when the definition has no such task any more
 * @param priority that of its row
 * @param stage how far it came in earlier claims
 * @param snapshot what the task sees
 * @param input its text, to be read by the run, because it may be damaged; without either what it sees has to be loaded
 */
public record Claimed(
        Claim claim,
        Workflow workflow,
        @Nullable TaskDefinition task,
        int priority,
        Stage stage,
        @Nullable ContextSnapshot snapshot,
        @Nullable String input) {
    /** A task that is claimed for the first time, or whose stage does not matter. */
    public Claimed(
            Claim claim,
            Workflow workflow,
            @Nullable TaskDefinition task,
            int priority,
            @Nullable ContextSnapshot snapshot) {
        this(claim, workflow, task, priority, Stage.FIRST, snapshot, null);
    }

    /** By what the database says of it. */
    public static Claimed of(Claim claim, Workflow workflow, int priority, Stage stage) {
        return new Claimed(claim, workflow, workflow.task(claim.taskName()).orElse(null), priority, stage, null, null);
    }

    /**
     * How far a task came before this claim.
     *
     * @param waited what it has waited for, null if nothing
     * @param element that it runs for, null if it runs for none
     */
    public record Stage(@Nullable WaitKind waited, @Nullable Element element) {
        public static final Stage FIRST = new Stage(null, null);
    }

    /**
     * An element of a list that a task runs for.
     *
     * @param parent the task whose list it is
     * @param index from 0
     * @param json the element
     */
    public record Element(UniversalUuid parent, int index, String json) {}

    /** As events tell it. */
    public TaskRun run() {
        Instant startedAt = claim.startedAt().toInstant();
        UniversalTimestamp readyAt = claim.readyAt();
        return new TaskRun(
                priority, claim.runner().value(), readyAt == null ? startedAt : readyAt.toInstant(), startedAt);
    }

    public Claimed with(ContextSnapshot given) {
        return new Claimed(claim, workflow, task, priority, stage, given, null);
    }

    /** What it sees is this input and nothing else. */
    public Claimed withInput(String json) {
        return new Claimed(claim, workflow, task, priority, stage, null, json);
    }
}
