package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;

/** What was asked of an execution cannot be done in the state that it is in; nothing was changed. */
public final class ExecutionStateException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final ExecutionStatus status;

    /** Of an execution as it is, with what was asked of it and which states allow that. */
    public ExecutionStateException(Execution execution, String asked, String possible) {
        super(
                "EXECUTION_STATE",
                "execution " + execution.id() + " of workflow '" + execution.workflow() + "' is "
                        + execution.status().label() + " and cannot be " + asked + ": " + possible);
        this.status = execution.status();
    }

    /** The state that it was in. */
    public ExecutionStatus status() {
        return status;
    }
}
