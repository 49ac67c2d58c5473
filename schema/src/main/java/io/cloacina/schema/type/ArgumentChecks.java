package io.cloacina.schema.type;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import org.jspecify.annotations.Nullable;

/** Checks arguments as the other modules do, from which this module takes only the root of errors. */
final class ArgumentChecks {
    private ArgumentChecks() {}

    /**
     * Requires that an argument is not null.
     *
     * @param what names it, such as {@code the instant}
     * @throws CloacinaException with the code {@code INVALID_ARGUMENT} if it is null
     */
    static <T> T given(String what, @Nullable T value) {
        if (value == null) {
            throw new CloacinaException(ErrorCodes.INVALID_ARGUMENT, what + " must not be null");
        }
        return value;
    }
}
