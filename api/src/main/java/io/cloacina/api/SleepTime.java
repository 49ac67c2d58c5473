package io.cloacina.api;

import java.io.Serializable;
import java.time.Instant;

/** Computes from its data until when a task sleeps. Serializable for the reason of {@link TaskBody}. */
@FunctionalInterface
public interface SleepTime extends Serializable {
    /**
     * The instant before which the task does not run; one in the past does not delay it. The engine calls this once for
     * each sleep, without a transaction.
     *
     * @throws Exception to fail this attempt
     */
    Instant until(TaskContext context) throws Exception;
}
