package io.cloacina.schema.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lends the connection of a session to code of the application, and takes it back. Used by one thread at a time. */
final class Lender {
    private @Nullable Connection lent;
    private @Nullable Lending current;
    private boolean hasLent;

    /** The connection as the application may use it in that transaction. */
    Connection lend(Session session, ReadTransaction transaction) {
        Lending lending = current;
        if (lending == null) {
            lending = begin(session);
            current = lending;
        }
        Connection shown = LentConnection.of(session.connection(), transaction, lending, lent);
        lent = shown;
        return shown;
    }

    private Lending begin(Session session) {
        try {
            hasLent = true;
            session.lend();
            return new Lending();
        } catch (SQLException e) {
            throw session.failed(e, "preparing a connection for the code of the application");
        }
    }

    /**
     * Takes the connection back if it is lent; from now on, the application gets an error if it uses the connection.
     *
     * @param lockWait how long statements wait for locks from now on; null keeps the present limit
     * @throws DatabaseException of kind {@link ErrorKind#TRANSACTION_ENDED} if the transaction in which it was lent has ended;
     *     the connection cannot be used any more then
     */
    void takeBack(Session session, @Nullable Duration lockWait) {
        if (current == null) {
            if (lockWait != null) {
                session.limitLockWaits(lockWait);
            }
            return;
        }
        end();
        boolean isSame;
        try {
            isSame = session.takeBack(lockWait);
        } catch (SQLException e) {
            throw session.failed(e, "taking a connection back from the code of the application");
        }
        if (!isSame) {
            session.setBroken();
            throw new DatabaseException(
                    ErrorKind.TRANSACTION_ENDED,
                    "the code that had the connection of a transaction ended that transaction itself, by a statement or"
                            + " by the driver's own connection: what it wrote before may be stored or lost, and what it"
                            + " wrote afterwards is not part of it; leave the end of the transaction to the one that began"
                            + " it, and use savepoints for parts",
                    null);
        }
    }

    /** Ends the lending: the lent connection cannot be used from now on. */
    void end() {
        Lending over = current;
        current = null;
        lent = null;
        if (over != null) {
            over.end();
        }
    }

    /**
     * The error of a statement of the application after which the transaction can only be rolled back, to a savepoint
     * or as a whole; null if there is none.
     */
    @Nullable
    DatabaseException failureIn(Session session) {
        SQLException first = current == null ? null : current.failure();
        return first == null
                ? null
                : session.failed(first, "a statement of the application on the connection of the transaction");
    }

    /** The transaction was rolled back to a savepoint. */
    void undone() {
        if (current != null) {
            current.undone();
        }
    }

    /** Whether the connection is lent now. */
    boolean isLending() {
        return current != null;
    }

    /** Whether the connection was lent since {@link #forget}. */
    boolean hasLent() {
        return hasLent;
    }

    /** Call when another transaction begins. */
    void forget() {
        hasLent = false;
    }
}
