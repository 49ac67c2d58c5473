package io.cloacina.api;

import java.time.Duration;

/** How long a retry waits. Delays saturate at {@code longest}, and at about 292 years, which is what a long has in nanoseconds. */
record Backoff(Growth growth, Duration first, Duration longest, double jitter) {
    enum Growth {
        FIXED,
        LINEAR,
        EXPONENTIAL
    }

    Backoff {
        Arguments.atLeast(Arguments.INVALID, "the delay", first, Duration.ZERO);
        Arguments.atLeast(Arguments.INVALID, "the longest delay", longest, Duration.ZERO);
        if (!(jitter >= 0 && jitter <= 1)) {
            throw Arguments.invalid("jitter must be a fraction from 0 to 1, not " + jitter);
        }
    }

    Duration delay(int failures, double random) {
        if (failures < 1) {
            throw Arguments.invalid("the number of failures must be at least 1, not " + failures);
        }
        if (!(random >= 0 && random < 1)) {
            throw Arguments.invalid("random must be at least 0 and less than 1, not " + random);
        }
        long nanos = Math.min(grown(nanos(first), failures), nanos(longest));
        // Rounding to double may exceed a large number by a little; a delay is never negative.
        return Duration.ofNanos(Math.max(0, nanos - (long) (nanos * jitter * random)));
    }

    private long grown(long step, int failures) {
        return switch (growth) {
            case FIXED -> step;
            case LINEAR -> step > Long.MAX_VALUE / failures ? Long.MAX_VALUE : step * failures;
            case EXPONENTIAL -> doubled(step, failures - 1);
        };
    }

    private static long doubled(long step, int times) {
        if (step == 0) {
            return 0;
        }
        return times >= Long.SIZE - 1 || step > Long.MAX_VALUE >> times ? Long.MAX_VALUE : step << times;
    }

    private static long nanos(Duration duration) {
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
