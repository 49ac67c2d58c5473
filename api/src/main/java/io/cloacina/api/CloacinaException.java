package io.cloacina.api;

import org.jspecify.annotations.Nullable;

/**
 * The root of all exceptions of Cloacina: of definitions, the engine, the database. The message is for people: it names
 * what is wrong, where, and what to do. The {@link #code()} is for programs: it stays the same when the wording of the
 * message changes.
 */
public class CloacinaException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String GENERAL = ErrorCodes.UNSPECIFIED;

    private final String code;

    /** With a message; its code is {@code UNSPECIFIED}. */
    public CloacinaException(String message) {
        this(GENERAL, message);
    }

    /** With a message and a cause; its code is {@code UNSPECIFIED}. */
    public CloacinaException(String message, Throwable cause) {
        this(GENERAL, message, cause);
    }

    /** With a code, such as {@code UNKNOWN_WORKFLOW}, and a message. */
    public CloacinaException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** With a code, a message, and a cause, null if there is none. */
    public CloacinaException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The kind of error: upper-case words joined by underscores, the same in every version. */
    public final String code() {
        return code;
    }

    /** With the code, so that a reader of a log can look it up. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message alone is for people
    public String toString() {
        return getClass().getName() + " [" + code + "]: " + getMessage();
    }
}
