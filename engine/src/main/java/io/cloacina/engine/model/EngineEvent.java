package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WaitKind;
import java.util.Map;
import java.util.UUID;

/**
 * A change that this engine has committed. Events of one execution come in the order in which they were committed;
 * there are none for the changes of other processes.
 */
public sealed interface EngineEvent {
    /** The execution that it is about. */
    UUID executionId();

    /** The name of its workflow. */
    String workflow();

    /** An execution was stored, with these labels. */
    record ExecutionSubmitted(UUID executionId, String workflow, Map<String, String> labels) implements EngineEvent {}

    /** An execution is Completed, Failed or Cancelled. */
    record ExecutionEnded(UUID executionId, String workflow, ExecutionStatus status) implements EngineEvent {}

    /** An execution is paused. */
    record ExecutionPaused(UUID executionId, String workflow) implements EngineEvent {}

    /** A paused execution was resumed. */
    record ExecutionResumed(UUID executionId, String workflow) implements EngineEvent {}

    /** A failed execution was retried, from the tasks that had not completed. */
    record ExecutionRetried(UUID executionId, String workflow) implements EngineEvent {}

    /** The body of a task is about to run. */
    record TaskStarted(UUID executionId, String workflow, String taskName, int attempt) implements EngineEvent {}

    /** A task is completed. */
    record TaskCompleted(UUID executionId, String workflow, String taskName, int attempt) implements EngineEvent {}

    /** An attempt failed and there will be another one. */
    record TaskRetried(UUID executionId, String workflow, String taskName, int attempt, Throwable error)
            implements EngineEvent {}

    /** A task failed for good. */
    record TaskFailed(UUID executionId, String workflow, String taskName, int attempt, Throwable error)
            implements EngineEvent {}

    /** A task is skipped, and why. */
    record TaskSkipped(UUID executionId, String workflow, String taskName, String reason) implements EngineEvent {}

    /** A task waits without a thread, and for what. */
    record TaskWaiting(UUID executionId, String workflow, String taskName, WaitKind waitsFor) implements EngineEvent {}

    /** A task of a dead runner was recovered and can run again. */
    record TaskRecovered(UUID executionId, String workflow, String taskName) implements EngineEvent {}
}
