package io.cloacina.api;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one element of a {@linkplain TaskOptions#collect() collecting} fan-out ended: with a value or with an error.
 * Immutable.
 *
 * @param value the output of its run; null if there was none, or it failed
 * @param error why it failed; null if it did not
 */
public record ElementOutcome<T>(@Nullable T value, @Nullable String error) {
    /** Whether it failed. */
    public boolean hasFailed() {
        return error != null;
    }

    /**
     * The value.
     *
     * @throws CloacinaException if there is none
     */
    public T get() {
        if (value == null) {
            throw new CloacinaException(
                    ErrorCodes.NO_VALUE,
                    error == null ? "the run for the element had no output" : "the element failed: " + error);
        }
        return Objects.requireNonNull(value);
    }
}
