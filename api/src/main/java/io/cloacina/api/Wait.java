package io.cloacina.api;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a task waits for after its dependencies have ended and before its body runs; no thread is held meanwhile. Immutable. */
public sealed interface Wait {
    /**
     * A time.
     *
     * @param length from when its dependencies have ended, more than zero
     */
    record Sleep(Duration length) implements Wait {}

    /**
     * An instant.
     *
     * @param time says which
     */
    record SleepUntil(SleepTime time) implements Wait {}

    /**
     * A signal.
     *
     * @param name of the signal
     * @param longest how long, more than zero; null for ever
     * @param isOptional whether the body runs without the signal when that is over; otherwise the task is skipped
     */
    record Signal(String name, @Nullable Duration longest, boolean isOptional) implements Wait {
        /** How long, if not for ever. */
        public Optional<Duration> within() {
            return Optional.ofNullable(longest);
        }
    }
}
