package io.cloacina.schema.database;

import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A transaction that may write. On SQLite it holds the only write lock from its beginning. On PostgreSQL it is READ COMMITTED:
 * guard a change by its conditions and look at the number of changed rows.
 */
public final class WriteTransaction extends ReadTransaction {
    WriteTransaction(Session session) {
        super(session);
    }

    /**
     * The transaction whose {@link #connection()} that is, for code that got only the connection, such as the body of a
     * transactional task. It is the same transaction: an error of a statement makes it rollback-only.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if the connection is not that of a write transaction of this
     *     layer, or if another thread runs it; of kind {@link ErrorKind#CLOSED} if the transaction has ended
     */
    public static WriteTransaction of(Connection connection) {
        ReadTransaction lender = LentConnection.lenderOf(connection);
        if (lender instanceof WriteTransaction transaction) {
            transaction.requireUsable();
            return transaction;
        }
        throw new DatabaseException(
                ErrorKind.STATEMENT,
                lender == null
                        ? "the connection is not that of a transaction of this layer; join the application's own transaction"
                                + " with Database.join(connection, ...)"
                        : "the transaction of the connection only reads",
                null);
    }

    /**
     * From now on a statement of this transaction fails with {@link ErrorKind#BUSY} when it waits longer than that, at least a
     * millisecond, for a lock that another transaction holds. On SQLite this says nothing: who writes has the only lock. It is
     * meant for short statements that find their rows by keys: PostgreSQL neither ends them after a time nor plans to read
     * whole tables for them, until the {@link #connection()} is asked for.
     */
    public void waitForLocksAtMost(Duration longest) {
        requireUsable();
        try {
            session().limitLockWaits(longest);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /**
     * Takes the {@link #connection()} back from whoever has it, before the transaction continues without them: it is of no
     * use to them any more, its statements are closed, and what was set of the session is set back. From then on statements
     * wait for locks as {@link #waitForLocksAtMost} says.
     *
     * @throws DatabaseException of kind {@link ErrorKind#TRANSACTION_ENDED} if the transaction is not that any more in which
     *     the connection was lent, because its SQL or the driver's own connection ended it
     */
    public void recall(Duration longestLockWait) {
        requireUsable();
        try {
            session().recall(longestLockWait);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /** Runs a change and returns the number of rows it changed. */
    public <P> int run(Command<P> command, P argument) {
        requireUsable();
        try {
            return session().execute(command, argument);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /**
     * Runs a change for each argument and returns the numbers of rows changed, in the order of the arguments. On PostgreSQL it
     * is one statement over arrays if it is an insert without {@code onConflict}; and, after {@link #waitForLocksAtMost}, if the
     * conditions name the row by its primary key or a unique key, no unique key changes, and no two arguments mean the same row.
     * Rows are locked in the order of the arguments then as well, but all see the table as it was when the statement began, and
     * foreign keys are checked at its end. Otherwise it is one statement for each argument.
     */
    public <P> int[] batch(Command<P> command, List<P> arguments) {
        requireUsable();
        try {
            return session().executeBatch(command, arguments);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /** Runs a change and returns what it reads of the rows it changed. */
    public <P, R> List<R> list(ChangeReturning<P, R> change, P argument) {
        return listed(change, argument);
    }

    /** Runs a change of at most one row and returns what it reads of it. */
    public <P, R> Optional<R> find(ChangeReturning<P, R> change, P argument) {
        return found(change, argument);
    }

    /** Runs a part of this transaction of which nothing stays when it throws; the transaction can go on then. */
    <R> R within(Function<WriteTransaction, R> work) {
        requireUsable();
        mark("SAVEPOINT joined");
        WriteTransaction part = new WriteTransaction(session());
        boolean kept = false;
        try {
            R result = work.apply(part);
            if (part.failure() != null) {
                throw rolledBack(part.failure());
            }
            mark("RELEASE SAVEPOINT joined");
            kept = true;
            return result;
        } finally {
            part.end();
            if (!kept) {
                undoPart();
            }
        }
    }

    /** If even that fails, nothing of the whole transaction is kept; what made the part fail is what its caller hears of. */
    private void undoPart() {
        try {
            session().execute("ROLLBACK TO SAVEPOINT joined");
            session().execute("RELEASE SAVEPOINT joined");
        } catch (SQLException e) {
            classify(e, "undoing a part of a transaction");
        }
    }

    private void mark(String sql) {
        try {
            session().execute(sql);
        } catch (SQLException e) {
            throw classify(e, sql);
        }
    }

    /**
     * Runs a change for each argument, at most one row each, and returns what it reads of them in the order of the arguments;
     * an argument that changed nothing has nothing to read. On PostgreSQL updates and deletes are one statement under the same
     * conditions as in a {@link #batch}; an insert is one for each argument.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if an argument changes more than one row
     */
    public <P, R> List<Optional<R>> findEach(ChangeReturning<P, R> change, List<P> arguments) {
        requireUsable();
        try {
            return session().findEach(change, arguments);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }
}
