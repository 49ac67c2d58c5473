package io.cloacina.schema.database;

import java.sql.SQLException;

/**
 * What code of the application gets for a statement after one that failed, on both databases, until it rolls back to a
 * savepoint.
 */
final class TransactionAbortedException extends SQLException {
    private static final long serialVersionUID = 1L;

    private final transient SQLException first;

    TransactionAbortedException(SQLException first) {
        super(
                "an earlier error made this transaction rollback-only: " + ErrorClassifier.firstLine(first)
                        + " (a part of a transaction that may fail needs a savepoint, or Database.join)",
                "25P02", // as PostgreSQL reports it
                first);
        this.first = first;
    }

    /** The error that made it so. */
    SQLException first() {
        return first;
    }
}
