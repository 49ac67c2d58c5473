package io.cloacina.api;

import java.io.Serializable;
import java.time.Instant;

/** Until when a task sleeps, as its data says. Serializable for the reason of {@link TaskBody}. */
@FunctionalInterface
public interface SleepTime extends Serializable {
    /**
     * The instant before which the task does not run; one that is over does not hold it up. It is asked once for each sleep,
     * without a transaction.
     *
     * @throws Exception to fail this attempt
     */
    Instant until(TaskContext context) throws Exception;
}
