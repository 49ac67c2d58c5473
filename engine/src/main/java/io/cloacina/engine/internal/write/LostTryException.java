package io.cloacina.engine.internal.write;

import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;

/**
 * A transaction had begun, so the database was reachable, and was lost: to a conflict with another one, to a lock that
 * another one held for too long, or with its connection. A retry may succeed. If each fails, the database is not the
 * cause.
 */
final class LostTryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final DatabaseException why;

    LostTryException(DatabaseException why) {
        super(why.getMessage(), why, false, false);
        this.why = why;
    }

    DatabaseException why() {
        return why;
    }

    /** Whether another transaction holds a lock that this one needs. */
    boolean isLocked() {
        return why.kind() == ErrorKind.BUSY;
    }
}
