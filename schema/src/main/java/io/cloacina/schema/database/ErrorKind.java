package io.cloacina.schema.database;

/** The kind of a database error, the same on both backends. The name of a constant is a stable code. */
public enum ErrorKind {
    /** A row with the same primary or unique key exists. */
    UNIQUE,
    /** A referenced row does not exist, or a row to be deleted is still referenced. */
    FOREIGN_KEY,
    /** NULL in a NOT NULL column. */
    NOT_NULL,
    /** A check constraint of the table is violated. */
    CHECK,
    /**
     * A value that its column cannot hold, such as a number beyond its range, or a stored value that is not of its
     * type.
     */
    INVALID_VALUE,
    /** A lock, or a free connection, was not available within the time to wait for it. */
    BUSY,
    /** The transaction lost a conflict with a concurrent one (serialization failure or deadlock). */
    SERIALIZATION,
    /** A row that a change was expected to change is not as it was: another transaction has changed or deleted it. */
    STALE,
    /** The database cannot be reached, or the connection broke. */
    CONNECTION,
    /** The database, its file or its folder is read-only. */
    READ_ONLY,
    /** The disk is full. */
    DISK_FULL,
    /** The file is not a database, is damaged, or was deleted, moved or replaced while it was open. */
    DAMAGED,
    /** The URL or its settings are not valid. */
    URL,
    /** The server is another product than PostgreSQL, or a PostgreSQL older than 15. */
    UNSUPPORTED,
    /** The user or password is refused, or a privilege is missing. */
    PERMISSION,
    /** The statement or the way it is used is wrong, such as a missing table or column. */
    STATEMENT,
    /** An earlier error in the transaction made it rollback-only. */
    ROLLED_BACK,
    /** Code of the application that used the connection of a transaction ended that transaction. */
    TRANSACTION_ENDED,
    /** The database was closed. */
    CLOSED,
    /** The recorded migrations do not match this version of the program. */
    MIGRATION,
    /** A copy is refused because the two databases do not meet its conditions. */
    COPY,
    /** A driver, or what it needs, is not on the class path or cannot be loaded. */
    DRIVER,
    /** Any other error; see the cause. */
    OTHER;

    /** Whether the same transaction may succeed when it is run again. */
    public boolean isRetryable() {
        return this == BUSY || this == SERIALIZATION || this == CONNECTION;
    }
}
