package io.cloacina.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a task waits for after its dependencies have ended and before its body runs; it holds no thread meanwhile.
 * Immutable.
 */
public sealed interface Wait {
    /**
     * A time.
     *
     * @param length from when its dependencies have ended, more than zero and at most 36,500 days
     */
    record Sleep(Duration length) implements Wait {
        /** Checks the time. */
        public Sleep {
            Arguments.duration(Arguments.INVALID, "the time to sleep", length, Duration.ofNanos(1));
        }
    }

    /**
     * An instant.
     *
     * @param time computes it
     */
    record SleepUntil(SleepTime time) implements Wait {
        /** Checks that there is a time. */
        public SleepUntil {
            Arguments.given("until when to sleep", time);
        }
    }

    /**
     * A signal.
     *
     * @param name of the signal
     * @param within how long the task waits for it, more than zero; null for forever
     * @param isOptional whether the body runs without the signal when that time is over; otherwise the task is skipped
     */
    record Signal(String name, @Nullable Duration within, boolean isOptional) implements Wait {
        /** Checks that there is a name, and the time. */
        public Signal {
            Arguments.given("the name of the signal", name);
            if (within != null) {
                Arguments.positive("the time limit of a signal", within);
            }
        }
    }
}
