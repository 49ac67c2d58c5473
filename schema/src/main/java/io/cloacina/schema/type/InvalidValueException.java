package io.cloacina.schema.type;

/**
 * A value that the schema cannot store, or a stored value that is not of its type. The message says what is wrong, but
 * not in which column: whoever knows the column adds it.
 */
public final class InvalidValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An error about one value.
     *
     * @param message what is wrong with the value, without the column
     */
    public InvalidValueException(String message) {
        super(message);
    }
}
