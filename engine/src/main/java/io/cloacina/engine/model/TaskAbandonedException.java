package io.cloacina.engine.model;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;

/** A task failed because its runners died too often while it ran. */
public final class TaskAbandonedException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    /** With a message that contains how often the runners of the task died. */
    public TaskAbandonedException(String message) {
        super(ErrorCodes.TASK_ABANDONED, message);
    }
}
