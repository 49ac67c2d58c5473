package io.cloacina.api;

/** The root of what the engine and the definitions throw. The message says what is wrong, where, and what to do. */
public class CloacinaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what is wrong. */
    public CloacinaException(String message) {
        super(message);
    }

    /** With what is wrong and why. */
    public CloacinaException(String message, Throwable cause) {
        super(message, cause);
    }
}
