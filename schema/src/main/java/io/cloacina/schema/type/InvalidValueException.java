package io.cloacina.schema.type;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.schema.internal.ArgumentChecks;

/**
 * A value that cannot be stored in its column, or a stored value that is not of the column's type. Its code is
 * {@code INVALID_VALUE}.
 */
public final class InvalidValueException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    /**
     * An error about one value.
     *
     * @param message what is wrong with the value, without the column
     */
    public InvalidValueException(String message) {
        super(ErrorCodes.INVALID_VALUE, ArgumentChecks.given("the message", message));
    }
}
