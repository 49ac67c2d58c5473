package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;

/** A task failed because it was active when its execution was stopped. It is the error in the event of that failure. */
public final class ExecutionStoppedException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final String error;

    private ExecutionStoppedException(String code, String error) {
        super(code, error);
        this.error = error;
    }

    /** For an execution whose deadline has passed: code {@code EXECUTION_DEADLINE}. */
    public static ExecutionStoppedException deadline() {
        return new ExecutionStoppedException(
                ErrorCodes.EXECUTION_DEADLINE, "the deadline of the execution passed before this task had ended");
    }

    /** For an execution that was cancelled with compensation: code {@code EXECUTION_CANCELLED}. */
    public static ExecutionStoppedException cancelled() {
        return new ExecutionStoppedException(
                ErrorCodes.EXECUTION_CANCELLED,
                "the execution was cancelled with compensation before this task had ended");
    }

    /** The text that is stored as the error of the task, the same for all tasks that were stopped for that reason. */
    public String error() {
        return error;
    }
}
