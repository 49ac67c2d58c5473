package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;

/** The execution is in a state that does not allow this operation; nothing was changed. */
public final class ExecutionStateException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final ExecutionStatus status;

    /** For an execution, the refused operation, and the states that allow it. */
    public ExecutionStateException(Execution execution, String asked, String possible) {
        super(
                "EXECUTION_STATE",
                "execution " + execution.id() + " of workflow '" + execution.workflow() + "' is "
                        + execution.status().label() + " and cannot be " + asked + ": " + possible);
        this.status = execution.status();
    }

    /** The state of the execution. */
    public ExecutionStatus status() {
        return status;
    }
}
