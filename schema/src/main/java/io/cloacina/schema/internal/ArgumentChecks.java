package io.cloacina.schema.internal;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks arguments as the other modules do, from which this module takes only the root of errors. */
public final class ArgumentChecks {
    private ArgumentChecks() {}

    /**
     * Requires that an argument is not null.
     *
     * @param what names it, such as {@code the instant}
     * @throws CloacinaException with the code {@code INVALID_ARGUMENT} if it is null
     */
    public static <T> T given(String what, @Nullable T value) {
        if (value == null) {
            throw new CloacinaException(ErrorCodes.INVALID_ARGUMENT, what + " must not be null");
        }
        return value;
    }

    /**
     * Requires that an array and its elements are not null; returns a copy.
     *
     * @param what names them, such as {@code the conditions}
     * @throws CloacinaException with the code {@code INVALID_ARGUMENT} if it is null, or one of them is
     */
    public static <T> List<T> all(String what, @Nullable T[] values) {
        return all(what, Arrays.asList(given(what, values)));
    }

    /** As {@link #all(String, Object[])}. */
    public static <T> List<T> all(String what, List<? extends @Nullable T> values) {
        int index = 0;
        for (T value : given(what, values)) {
            if (value == null) {
                throw new CloacinaException(
                        ErrorCodes.INVALID_ARGUMENT, what + " have null at index " + index + ": remove it");
            }
            index++;
        }
        return List.copyOf(values);
    }
}
