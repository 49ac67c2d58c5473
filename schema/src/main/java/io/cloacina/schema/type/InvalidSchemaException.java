package io.cloacina.schema.type;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.schema.internal.ArgumentChecks;

/**
 * A table, a schema or a migration is declared in a way that one of the backends does not support: an error of the
 * program. The message names the declaration. Its code is {@code INVALID_SCHEMA}.
 */
public final class InvalidSchemaException extends CloacinaException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = ErrorCodes.INVALID_SCHEMA;

    /** With what is wrong and where. */
    public InvalidSchemaException(String message) {
        super(CODE, ArgumentChecks.given("the message", message));
    }

    /** With what is wrong and where, and the cause. */
    public InvalidSchemaException(String message, Throwable cause) {
        super(CODE, ArgumentChecks.given("the message", message), ArgumentChecks.given("the cause", cause));
    }
}
