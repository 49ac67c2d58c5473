package io.cloacina.schema.database;

import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The connections of a database: lends one for reading or writing, and takes it back. Thread safe. */
interface Sessions extends AutoCloseable {
    Backend backend();

    /** A connection that may write; on SQLite there is only one, and the caller waits for it. */
    Session writer();

    /**
     * A connection for writing that is reserved for callers of this method, one after the other; on SQLite the one for writing.
     */
    Session apart();

    /** How many can be lent at once, without the one that is reserved; empty if that is unknown or does not matter. */
    OptionalInt connections();

    /** A connection that only reads. */
    Session reader();

    /** Takes a lent connection back; a broken one is closed. */
    void giveBack(Session session);

    /**
     * Begins a transaction on a lent connection in which tables may be altered: no other process alters them at the same time,
     * and foreign keys are not enforced while tables are rebuilt.
     */
    void beginAlteration(Session session);

    /** Commits an alteration; foreign keys are enforced again. After an error it must be rolled back. */
    void commitAlteration(Session session);

    /** Rolls an alteration back; foreign keys are enforced again. */
    void rollbackAlteration(Session session);

    /** Classifies an error of a driver on a connection of this database. */
    DatabaseException classify(SQLException e, String doing);

    /** The first error of a database among a throwable and its causes. */
    default Optional<DatabaseException> causeOf(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < ReadTransaction.MAX_CAUSES; depth++) {
            if (cause instanceof DatabaseException own) {
                return Optional.of(own);
            }
            if (cause instanceof SQLException driver) {
                return Optional.of(classify(driver, "a transaction of the application"));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /**
     * Creates a session on a connection of the application, for work inside the application's own transaction. The caller has
     * checked that it is of the same product and in a transaction.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if it belongs to another database
     */
    Session join(Connection connection);

    /**
     * Closes the connection of that transaction while it is in use, unless the transaction has ended; called by another thread.
     */
    void cutOff(Session session, ReadTransaction transaction);

    /** Closes all lent connections while they are in use: none is lent again. */
    void cutOffAll();

    /** Whether a writer of these sessions waits while a writer of the others is in a transaction. */
    default boolean waitFor(Sessions others) {
        return false;
    }

    /** How to be notified of commits; null for a database that other processes cannot change. */
    Subscription.@Nullable Listener listener();

    /** The error for threads that come after all connections were cut off. */
    static DatabaseException closed() {
        return new DatabaseException(
                ErrorKind.CLOSED, "the database was closed while a thread waited for a connection", null);
    }

    /** Closes every connection; call when none is lent any more. */
    @Override
    void close();
}
