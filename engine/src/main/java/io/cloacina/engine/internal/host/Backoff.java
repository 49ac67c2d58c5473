package io.cloacina.engine.internal.host;

import java.time.Duration;

/** How long to wait before something is tried again: each time twice as long as before, up to a longest pause. */
public record Backoff(Duration first, Duration longest) {
    /** Beyond any longest pause, and no overflow. */
    private static final int DOUBLINGS = 30;

    /** After that many failures in a row, 1 or more. */
    public Duration after(int failures) {
        Duration pause = first.multipliedBy(1L << Math.min(failures - 1, DOUBLINGS));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
