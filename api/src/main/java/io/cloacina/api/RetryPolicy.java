package io.cloacina.api;

import java.time.Duration;

/** How often a failing task is tried, and how long after a failure the next attempt begins. */
public record RetryPolicy(int maxAttempts, Duration delay) {
    /** One attempt. */
    public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ZERO);

    /** Checks the bounds. */
    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts is 1 or more, not " + maxAttempts);
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay is not negative, but " + delay + " was given");
        }
    }

    /** That many attempts, each that long after the failure before it. */
    public static RetryPolicy fixed(int maxAttempts, Duration delay) {
        return new RetryPolicy(maxAttempts, delay);
    }
}
