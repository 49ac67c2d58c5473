package io.cloacina.engine.internal.host;

import java.time.Duration;

/** How long to wait before a retry: each time twice as long as before, up to a longest pause. */
public record Backoff(Duration first, Duration longest) {
    /** Enough to reach any longest pause, and few enough not to overflow. */
    private static final int DOUBLINGS = 30;

    /** The pause after that many failures in a row, 1 or more. */
    public Duration after(int failures) {
        Duration pause = first.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
