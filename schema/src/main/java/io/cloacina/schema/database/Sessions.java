package io.cloacina.schema.database;

import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The connections of a database: lends one for reading or writing and takes it back. Thread safe. */
interface Sessions extends AutoCloseable {
    Backend backend();

    /** A connection that may write; on SQLite there is one, and this waits for it. */
    Session writer();

    /** A connection for writing that nobody but the callers of this gets, one after the other; on SQLite the one that writes. */
    Session apart();

    /** How many can be lent at once, without the one that is kept apart; empty if nobody knows, or it does not matter. */
    OptionalInt connections();

    /** A connection that only reads. */
    Session reader();

    /** Takes back what was lent; a broken connection is dropped. */
    void giveBack(Session session);

    /**
     * Begins a transaction on a lent connection in which the definition of tables may change: nobody else does so at the same
     * time, and foreign keys are not enforced while tables are rebuilt.
     */
    void beginAlteration(Session session);

    /** Keeps an alteration; foreign keys hold again. After an error it is still to be rolled back. */
    void commitAlteration(Session session);

    /** Keeps nothing of an alteration; foreign keys hold again. */
    void rollbackAlteration(Session session);

    /**
     * A connection of the application for work inside the application's own transaction. It is of the same product and in a
     * transaction.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if it is of another database
     */
    Session join(Connection connection);

    /** How to hear of what is committed; nothing for a database that nobody else can change. */
    Hints.@Nullable Ear ear();

    /** Closes every connection, when none is lent any more. */
    @Override
    void close();
}
