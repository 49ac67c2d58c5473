package io.cloacina.engine.internal.claim;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.model.TaskRun;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A claimed task with what its run needs.
 *
 * @param task null if the claim is an orphan, see {@link #isOrphan}; what starts attempts asks that first
 * @param priority the priority in its row
 * @param stage how far the task came in earlier claims
 * @param snapshot what the task sees; null if it is still to be read
 * @param input the text of the execution's input, if the task sees nothing else. The run parses it, because it may be
 *     damaged. If snapshot and input are null, the run loads what the task sees
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

    /** A claim as the database returned it. */
    public static Claimed of(Claim claim, Workflow workflow, int priority, Stage stage) {
        return new Claimed(claim, workflow, workflow.task(claim.taskName()).orElse(null), priority, stage, null, null);
    }

    /**
     * How far a task came before this claim.
     *
     * @param waited what the task has waited for; null if it has not waited
     * @param element the element that the task runs for; null if it is not a run for one
     */
    public record Stage(@Nullable WaitKind waited, @Nullable Element element) {
        public static final Stage FIRST = new Stage(null, null);
    }

    /**
     * An element of a list that a task runs for.
     *
     * @param parent the task with the list
     * @param index from 0
     * @param json the element
     */
    public record Element(UniversalUuid parent, int index, String json) {}

    /** Whether the definition does not have the task any more. Then no attempt of it can run. */
    public boolean isOrphan() {
        return task == null;
    }

    /**
     * The task, of a claim that is not an orphan.
     *
     * @throws NullPointerException if it is one
     */
    @Override
    public TaskDefinition task() {
        return Objects.requireNonNull(task, "the definition does not have the task");
    }

    /** The run as events describe it. */
    public TaskRun run() {
        Instant startedAt = claim.startedAt().toInstant();
        UniversalTimestamp readyAt = claim.readyAt();
        return new TaskRun(
                priority, claim.runner().value(), readyAt == null ? startedAt : readyAt.toInstant(), startedAt);
    }

    public Claimed with(ContextSnapshot given) {
        return new Claimed(claim, workflow, task, priority, stage, given, null);
    }

    /** With an input that is all that the task sees. */
    public Claimed withInput(String json) {
        return new Claimed(claim, workflow, task, priority, stage, null, json);
    }
}
