package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.FanOut;
import io.cloacina.api.WaitKind;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change that this engine has committed. Events of one execution arrive in the order of their commits, that of its
 * submission first. There are no events for the changes of other processes.
 */
public sealed interface EngineEvent {
    /** The execution. */
    UUID executionId();

    /** The name of its workflow. */
    String workflow();

    /** When it happened, by the engine's clock. */
    Instant at();

    /** Something that happened to a task. */
    sealed interface OfTask extends EngineEvent {
        /** The name of the task; the name of a run for an element of a list contains the index: {@code task[7]}. */
        String taskName();

        /** The name of the task as its workflow defines it, without an index. */
        default String definedTask() {
            return FanOut.taskOf(taskName());
        }
    }

    /**
     * An execution was stored, with these labels and this priority. If the submission joined a transaction of the
     * application, the event follows once the engine has seen its commit.
     */
    record ExecutionSubmitted(UUID executionId, String workflow, Map<String, String> labels, int priority, Instant at)
            implements EngineEvent {}

    /** An execution is Completed, Failed or Cancelled; {@code submittedAt} is when it was submitted. */
    record ExecutionEnded(UUID executionId, String workflow, ExecutionStatus status, Instant submittedAt, Instant at)
            implements EngineEvent {}

    /** An execution is paused. */
    record ExecutionPaused(UUID executionId, String workflow, Instant at) implements EngineEvent {}

    /** A paused execution was resumed. */
    record ExecutionResumed(UUID executionId, String workflow, Instant at) implements EngineEvent {}

    /** A failed execution was retried, from the tasks that had not completed. */
    record ExecutionRetried(UUID executionId, String workflow, Instant at) implements EngineEvent {}

    /** The body of a task is about to run. */
    record TaskStarted(UUID executionId, String workflow, String taskName, int attempt, TaskRun run, Instant at)
            implements OfTask {}

    /** A task is completed. */
    record TaskCompleted(UUID executionId, String workflow, String taskName, int attempt, TaskRun run, Instant at)
            implements OfTask {}

    /** An attempt failed, and there will be another one. */
    record TaskRetried(
            UUID executionId, String workflow, String taskName, int attempt, TaskRun run, Throwable error, Instant at)
            implements OfTask {}

    /**
     * A task failed for good. {@code attempt} is 0 if its trigger rule could not be evaluated. {@code run} is null in
     * that case, and if the execution was stopped by its deadline or a cancellation.
     */
    record TaskFailed(
            UUID executionId,
            String workflow,
            String taskName,
            int attempt,
            @Nullable TaskRun run,
            Throwable error,
            Instant at)
            implements OfTask {}

    /** A task was skipped; {@code reason} says why. */
    record TaskSkipped(UUID executionId, String workflow, String taskName, String reason, Instant at)
            implements OfTask {}

    /** A task began to wait, without a thread, for {@code waitsFor}. */
    record TaskWaiting(UUID executionId, String workflow, String taskName, WaitKind waitsFor, Instant at)
            implements OfTask {}

    /** A task of a dead runner was recovered and can run again. */
    record TaskRecovered(UUID executionId, String workflow, String taskName, Instant at) implements OfTask {}
}
