package io.cloacina.api;

import java.io.Serializable;
import java.time.Instant;

/** Computes the instant until which a task sleeps. Serializable for the reason given in {@link TaskBody}. */
@FunctionalInterface
public interface SleepTime extends Serializable {
    /**
     * Returns the instant before which the task does not run; an instant in the past does not delay it. The engine
     * calls this once for each sleep, outside any transaction.
     *
     * @throws Exception to fail this attempt
     */
    Instant until(TaskContext context) throws Exception;
}
