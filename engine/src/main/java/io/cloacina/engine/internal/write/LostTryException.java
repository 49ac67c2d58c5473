package io.cloacina.engine.internal.write;

import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;

/**
 * A transaction had begun, so the database was there, and was lost: against another one, to a lock that another one holds for
 * too long, or with its connection. Another try may help; what is lost each time is not the fault of the database.
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

    /** Whether another transaction holds what this one needs. */
    boolean isLocked() {
        return why.kind() == ErrorKind.BUSY;
    }
}
