package io.cloacina.schema.database;

import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The connections of a database: lends one for reading or writing and takes it back. Thread safe. */
interface Sessions extends AutoCloseable {
    Backend backend();

    /** A connection that may write; on SQLite there is one, and this waits for it. */
    Session writer();

    /**
     * A connection for writing that nobody but the callers of this gets, one after the other; on SQLite the one that
     * writes.
     */
    Session apart();

    /** How many can be lent at once, without the one that is kept apart; empty if nobody knows, or it does not matter. */
    OptionalInt connections();

    /** A connection that only reads. */
    Session reader();

    /** Takes back what was lent; a broken connection is dropped. */
    void giveBack(Session session);

    /**
     * Begins a transaction on a lent connection in which the definition of tables may change: nobody else does so at
     * the same time, and foreign keys are not enforced while tables are rebuilt.
     */
    void beginAlteration(Session session);

    /** Keeps an alteration; foreign keys hold again. After an error it is still to be rolled back. */
    void commitAlteration(Session session);

    /** Keeps nothing of an alteration; foreign keys hold again. */
    void rollbackAlteration(Session session);

    /** What a driver said about what a connection of this database did. */
    DatabaseException classify(SQLException e, String doing);

    /** The first error of a database among what was thrown and its causes. */
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
     * A connection of the application for work inside the application's own transaction. It is of the same product and
     * in a transaction.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if it is of another database
     */
    Session join(Connection connection);

    /** Closes the connection of that transaction beneath it, unless it is over; for another thread than that which runs it. */
    void cutOff(Session session, ReadTransaction transaction);

    /** Closes all connections that are lent beneath whoever uses them: none of them is lent again. */
    void cutOffAll();

    /** Whether a writer of these waits while one of the given ones is in a transaction. */
    default boolean waitFor(Sessions others) {
        return false;
    }

    /** How to hear of what is committed; nothing for a database that nobody else can change. */
    Hints.@Nullable Ear ear();

    /** What is said to who comes after all were cut off. */
    static DatabaseException closed() {
        return new DatabaseException(
                ErrorKind.CLOSED, "the database was closed while a thread waited for a connection", null);
    }

    /** Closes every connection, when none is lent any more. */
    @Override
    void close();
}
