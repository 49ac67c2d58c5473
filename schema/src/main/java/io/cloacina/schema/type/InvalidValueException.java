package io.cloacina.schema.type;

import io.cloacina.api.CloacinaException;

/**
 * A value that the schema cannot store, or a stored value that is not of its type. The message says what is wrong, but
 * not in which column: whoever knows the column adds it. Its code is {@code INVALID_VALUE}.
 */
public final class InvalidValueException extends CloacinaException {
    private static final long serialVersionUID = 1L;

    /**
     * An error about one value.
     *
     * @param message what is wrong with the value, without the column
     */
    public InvalidValueException(String message) {
        super("INVALID_VALUE", message);
    }
}
