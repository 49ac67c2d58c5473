package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The child execution that a task waited for failed or was cancelled. */
public final class ChildFailedException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    private final UUID child;

    /**
     * For a task, its child as it ended, and the first failure in the child; {@code cause} is null if none of its tasks
     * failed.
     */
    public ChildFailedException(String task, Execution child, @Nullable String cause) {
        super(
                ErrorCodes.CHILD_FAILED,
                "the child of task '" + task + "', execution " + child.id() + " of workflow '"
                        + child.workflow() + "', is " + child.status().label()
                        + (child.error() == null ? "" : ": " + child.error())
                        + (cause == null ? "" : "; " + cause));
        this.child = child.id();
    }

    /** The id of the child execution. */
    public UUID child() {
        return child;
    }
}
