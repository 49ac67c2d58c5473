package io.cloacina.schema.sql;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.schema.internal.ArgumentChecks;

/**
 * A statement that cannot be composed or read as it was written: a fault of the program, named by the statement. Its
 * code is {@code INVALID_STATEMENT}.
 */
public final class StatementException extends CloacinaException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = ErrorCodes.INVALID_STATEMENT;

    /** With what is wrong and where. */
    public StatementException(String message) {
        super(CODE, ArgumentChecks.given("the message", message));
    }

    /** With what is wrong and where, and the cause. */
    public StatementException(String message, Throwable cause) {
        super(CODE, ArgumentChecks.given("the message", message), ArgumentChecks.given("the cause", cause));
    }
}
