package io.cloacina.schema.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lends the connection of one session to code of the application, and takes it back. Used by one thread at a time. */
final class Lender {
    private @Nullable Connection lent;
    private @Nullable Lending current;
    private boolean hasLent;

    /** The connection as that transaction shows it. */
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
     * Takes the connection back if it is lent; whoever has it still gets errors from now on.
     *
     * @param lockWait how long statements wait for locks from now on; null leaves that as it is
     * @throws DatabaseException of kind {@link ErrorKind#TRANSACTION_ENDED} if the transaction is not that any more in
     *     which it was lent; the connection is of no more use then
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

    /** What is lent is of no use from now on. */
    void end() {
        Lending over = current;
        current = null;
        lent = null;
        if (over != null) {
            over.end();
        }
    }

    /** Whether it is lent now. */
    boolean isLending() {
        return current != null;
    }

    /** Whether it was lent since {@link #forget}. */
    boolean hasLent() {
        return hasLent;
    }

    /** Another transaction begins. */
    void forget() {
        hasLent = false;
    }
}
