package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import java.time.Duration;

/** An attempt ran longer than its task may: it was interrupted, and counts as a failure. */
public final class TaskTimeoutException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    TaskTimeoutException(Claim claim, Duration timeout) {
        super(
                "TASK_TIMEOUT",
                "attempt " + claim.attempt() + " of task '" + claim.taskName() + "' took longer than " + timeout
                        + " and was interrupted");
    }
}
