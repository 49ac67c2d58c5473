package io.cloacina.api;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a task waits for after its dependencies have ended and before its body runs. Waiting occupies no thread.
 * Immutable.
 */
public sealed interface Wait {
    /**
     * A sleep of a fixed length.
     *
     * @param length the length, counted from the end of the dependencies; more than zero and at most 36,500 days
     */
    record Sleep(Duration length) implements Wait {
        /** Checks the time. */
        public Sleep {
            Arguments.duration(Arguments.INVALID, "the time to sleep", length, Duration.ofNanos(1));
        }
    }

    /**
     * A sleep until a computed instant.
     *
     * @param time computes it
     */
    record SleepUntil(SleepTime time) implements Wait {
        /** Checks that there is a time. */
        public SleepUntil {
            Arguments.given("the instant to sleep until", time);
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
