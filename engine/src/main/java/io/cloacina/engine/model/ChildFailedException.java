package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import java.util.UUID;

/** The execution that a task waited for failed or was cancelled. */
public final class ChildFailedException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final UUID child;

    /** Of a task, with its child as it ended. */
    public ChildFailedException(String task, Execution child) {
        super(
                "CHILD_FAILED",
                "the child of task '" + task + "', execution " + child.id() + " of workflow '"
                        + child.workflow() + "', is " + child.status().label()
                        + (child.error() == null ? "" : ": " + child.error()));
        this.child = child.id();
    }

    /** The execution. */
    public UUID child() {
        return child;
    }
}
