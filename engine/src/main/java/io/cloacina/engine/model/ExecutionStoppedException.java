package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;

/** A task was active when its execution was stopped, and failed: the event of its failure has this as the cause. */
public final class ExecutionStoppedException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final String error;

    private ExecutionStoppedException(String code, String error) {
        super(code, error);
        this.error = error;
    }

    /** By the deadline of the execution: code {@code EXECUTION_DEADLINE}. */
    public static ExecutionStoppedException deadline() {
        return new ExecutionStoppedException(
                "EXECUTION_DEADLINE", "the deadline of the execution passed before this had ended");
    }

    /** By its cancellation with compensation: code {@code EXECUTION_CANCELLED}. */
    public static ExecutionStoppedException cancelled() {
        return new ExecutionStoppedException(
                "EXECUTION_CANCELLED", "the execution was cancelled with compensation before this had ended");
    }

    /** What is stored as the error of the task: the same for all that were stopped for that reason. */
    public String error() {
        return error;
    }
}
