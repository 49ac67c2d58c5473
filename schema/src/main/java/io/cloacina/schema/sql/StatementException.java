package io.cloacina.schema.sql;

/** A statement that cannot be composed or read as it was written: a fault of the program, named by the statement. */
public final class StatementException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what is wrong and where. */
    public StatementException(String message) {
        super(message);
    }

    /** With what is wrong and where, and what led to it. */
    public StatementException(String message, Throwable cause) {
        super(message, cause);
    }
}
