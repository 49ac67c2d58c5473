package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.time.Duration;

/** An attempt exceeded the timeout of its task: it was interrupted, and has failed. */
public final class TaskTimeoutException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    /** For an attempt of a task, with the timeout that it exceeded. */
    public TaskTimeoutException(String task, int attempt, Duration timeout) {
        super(
                ErrorCodes.TASK_TIMEOUT,
                "attempt " + attempt + " of task '" + task + "' took longer than " + Arguments.span(timeout)
                        + " and was interrupted");
    }
}
