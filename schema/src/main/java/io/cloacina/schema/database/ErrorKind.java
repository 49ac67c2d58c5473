package io.cloacina.schema.database;

/** What went wrong, the same on both backends. The name of a constant is a stable code. */
public enum ErrorKind {
    /** A row with the same primary or unique key exists. */
    UNIQUE,
    /** A referred row does not exist, or a row to be deleted is still referred to. */
    FOREIGN_KEY,
    /** NULL in a NOT NULL column. */
    NOT_NULL,
    /** A check of the table does not hold. */
    CHECK,
    /** A value that its column cannot hold, such as a number beyond its range, or a stored value that is not of its type. */
    INVALID_VALUE,
    /** Another transaction holds a lock, or all connections are in use, for longer than the time to wait for it. */
    BUSY,
    /** The transaction lost against a concurrent one (serialization failure or deadlock). */
    SERIALIZATION,
    /** The database cannot be reached, or the connection broke. */
    CONNECTION,
    /** The database, its file or its folder cannot be written. */
    READ_ONLY,
    /** No space is left. */
    DISK_FULL,
    /** The file is not a database, is damaged, or was deleted, moved or replaced while it was open. */
    DAMAGED,
    /** The URL or its settings are not understood. */
    URL,
    /** The server is another product than PostgreSQL, or a PostgreSQL older than 15. */
    UNSUPPORTED,
    /** The user or password is refused, or lacks a right. */
    PERMISSION,
    /** The statement does not fit the database: a table or column is missing. */
    STATEMENT,
    /** An earlier error in the transaction made it rollback-only. */
    ROLLED_BACK,
    /** The code of the application that had the connection of a transaction ended that transaction itself. */
    TRANSACTION_ENDED,
    /** The database was closed. */
    CLOSED,
    /** The history of migrations does not fit this build. */
    MIGRATION,
    /** One database is not copied into another: the two are not as a copy needs them. */
    COPY,
    /** Anything else; the cause tells. */
    OTHER;

    /** Whether the same transaction may succeed when it is run again. */
    public boolean isRetryable() {
        return this == BUSY || this == SERIALIZATION || this == CONNECTION;
    }
}
