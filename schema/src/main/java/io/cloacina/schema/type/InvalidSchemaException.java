package io.cloacina.schema.type;

import io.cloacina.api.CloacinaException;

/**
 * A table, a schema or a migration is declared in a way that one of the databases cannot have: a fault of the program, named by what
 * was declared. Its code is {@code INVALID_SCHEMA}.
 */
public final class InvalidSchemaException extends CloacinaException {
    private static final long serialVersionUID = 1L;
    private static final String CODE = "INVALID_SCHEMA";

    /** With what is wrong and where. */
    public InvalidSchemaException(String message) {
        super(CODE, message);
    }

    /** With what is wrong and where, and what led to it. */
    public InvalidSchemaException(String message, Throwable cause) {
        super(CODE, message, cause);
    }
}
