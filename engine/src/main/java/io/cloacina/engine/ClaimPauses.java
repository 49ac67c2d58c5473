package io.cloacina.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long an engine claims nothing after its executor refused a body, and how often it logs that: longer each time, as
 * long as the executor takes and runs no body at all. Not thread safe.
 */
final class ClaimPauses {
    static final Duration SHORTEST = Duration.ofMillis(250);
    static final Duration LONGEST = Duration.ofSeconds(4);

    private static final long WARNING_NANOS = TimeUnit.MINUTES.toNanos(1);

    private Duration next = SHORTEST;
    private boolean hasWarned;
    private long warnedAt;

    /**
     * The next pause.
     *
     * @param isTaking whether a body runs, or has begun since the pause before
     */
    Duration next(boolean isTaking) {
        Duration pause = isTaking ? SHORTEST : next;
        next = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
        return pause;
    }

    /**
     * Whether a refusal is worth a warning: the first one, and one a minute.
     *
     * @param nanos as {@link System#nanoTime}
     */
    boolean isToWarn(long nanos) {
        boolean isDue = !hasWarned || nanos - warnedAt >= WARNING_NANOS;
        if (isDue) {
            hasWarned = true;
            warnedAt = nanos;
        }
        return isDue;
    }
}
