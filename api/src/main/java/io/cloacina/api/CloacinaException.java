package io.cloacina.api;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything that Cloacina throws: definitions, the engine, the database. The message is for people: it says what is wrong, where, and what to
 * do. The {@link #code()} is for programs: it stays the same when a message is worded anew.
 */
public class CloacinaException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String GENERAL = "UNSPECIFIED";

    private final String code;

    /** With what is wrong; its code is {@code UNSPECIFIED}. */
    public CloacinaException(String message) {
        this(GENERAL, message);
    }

    /** With what is wrong and why; its code is {@code UNSPECIFIED}. */
    public CloacinaException(String message, Throwable cause) {
        this(GENERAL, message, cause);
    }

    /** With a code, such as {@code UNKNOWN_WORKFLOW}, and what is wrong. */
    public CloacinaException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** With a code, what is wrong and why; null when nothing else threw. */
    public CloacinaException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of error it is: upper-case words joined by underscores, the same in every version. */
    public final String code() {
        return code;
    }

    /** With the code, so that a log shows what to look up. */
    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message alone is for people
    public String toString() {
        return getClass().getName() + " [" + code + "]: " + getMessage();
    }
}
