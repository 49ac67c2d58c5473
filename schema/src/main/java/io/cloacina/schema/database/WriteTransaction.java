package io.cloacina.schema.database;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Statement;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A transaction that may write. On SQLite it holds the only write lock from its beginning. On PostgreSQL it is READ
 * COMMITTED: guard a change by its conditions, and check the number of changed rows.
 */
public final class WriteTransaction extends ReadTransaction {
    WriteTransaction(Session session) {
        super(session);
    }

    /**
     * Returns the transaction of a {@link #connection()}, for code that has only the connection, such as the body of a
     * transactional task. An error of a statement makes that transaction rollback-only.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if the connection does not belong to a write
     *     transaction of this layer, or if that transaction runs in another thread; of kind {@link ErrorKind#CLOSED} if
     *     it has ended
     */
    public static WriteTransaction of(Connection connection) {
        ReadTransaction lender = LentConnection.lenderOf(ArgumentChecks.given("the connection", connection));
        if (lender instanceof WriteTransaction transaction) {
            transaction.requireUsable();
            return transaction;
        }
        throw new DatabaseException(
                ErrorKind.STATEMENT,
                lender == null
                        ? "the connection is not that of a transaction of this layer; join the application's own transaction"
                                + " with Database.join(connection, ...)"
                        : "the transaction of the connection is read-only",
                null);
    }

    /**
     * Limits how long the following statements of this transaction wait for a lock of another transaction: at least a
     * millisecond; then they fail with {@link ErrorKind#BUSY}. It has no effect on SQLite, where a writer has the only
     * lock. It is meant for short statements that find their rows by keys: until {@link #connection()} is called,
     * PostgreSQL applies no statement timeout to them and does not plan scans of whole tables.
     */
    public void waitForLocksAtMost(Duration longest) {
        ArgumentChecks.given("the longest wait", longest);
        requireUsable();
        try {
            session().limitLockWaits(longest);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /**
     * Takes the {@link #connection()} back from the code that uses it, before the transaction continues without that
     * code: the connection can no longer be used there, its statements are closed, and changed session settings are
     * restored. From then on statements wait for locks as with {@link #waitForLocksAtMost}.
     *
     * @throws DatabaseException of kind {@link ErrorKind#TRANSACTION_ENDED} if the transaction in which the connection
     *     was lent has ended, because SQL or the driver's own connection ended it
     */
    public void recall(Duration longestLockWait) {
        ArgumentChecks.given("the longest wait", longestLockWait);
        requireUsable();
        try {
            session().lender().takeBack(session(), longestLockWait);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /** Runs a change and returns the number of changed rows. */
    public <P> int run(Command<P> command, P argument) {
        ArgumentChecks.given("the statement", command);
        requireUsable();
        try {
            return session().execute(command, argument);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /**
     * Runs a change for each argument and returns the numbers of changed rows, in the order of the arguments. On
     * PostgreSQL it is a single statement over arrays if it is an insert without {@code onConflict}; and, after
     * {@link #waitForLocksAtMost}, if the conditions identify the row by its primary key or a unique key, no unique key
     * changes, and no two arguments identify the same row. Even then, rows are locked in the order of the arguments,
     * but all see the table as it was when the statement began, and foreign keys are checked at its end. Otherwise it
     * is one statement per argument.
     */
    public <P> int[] batch(Command<P> command, List<P> arguments) {
        requireBatch(command, arguments);
        try {
            return session().executeBatch(command, arguments);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /**
     * Runs a change for each argument, at the latest with the next statement of this transaction or its commit. On
     * PostgreSQL inserts that are one statement in a {@link #batch}, and changes of one argument, are sent together
     * with the next statement or the commit, in one round trip; everything else, and everything on SQLite, runs at
     * once. An error may only be thrown by that next statement or the commit; it names the table, or all statements
     * that were sent together. The values are taken from the arguments now: these may change afterwards.
     *
     * @see #flush
     */
    public <P> void defer(Command<P> command, List<P> arguments) {
        requireBatch(command, arguments);
        try {
            session().defer(command, arguments, false);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /**
     * As {@link #defer}, for changes each of which must change a row: changes with conditions that are expected to
     * hold. On PostgreSQL updates and deletes that are one statement in a {@link #batch} are deferred, too. If a row
     * was not changed, the next statement or the commit throws a {@link DatabaseException} of kind {@link
     * ErrorKind#STALE}, and nothing of this transaction is stored. To find that row, run a {@link #batch} in another
     * transaction.
     */
    public <P> void expect(Command<P> command, List<P> arguments) {
        requireBatch(command, arguments);
        try {
            session().defer(command, arguments, true);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    private void requireBatch(Statement<?, ?> statement, List<?> arguments) {
        ArgumentChecks.given("the statement", statement);
        ArgumentChecks.given("the arguments", arguments);
        requireUsable();
    }

    /**
     * Sends the {@linkplain #defer deferred} changes, so that their errors are not mistaken for those of later
     * statements.
     */
    public void flush() {
        requireUsable();
        try {
            session().flush(false);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }

    /** Runs a change and returns what it reads from the changed rows. */
    public <P, R> List<R> list(ChangeReturning<P, R> change, P argument) {
        return listed(change, argument);
    }

    /** Runs a change of at most one row and returns what it reads from it; empty if no row changed. */
    public <P, R> Optional<R> find(ChangeReturning<P, R> change, P argument) {
        return found(change, argument);
    }

    /** Runs a part of this transaction that is undone if it throws; the transaction can then continue. */
    <R> R within(Function<WriteTransaction, R> work) {
        requireUsable();
        mark("SAVEPOINT joined");
        WriteTransaction part = new WriteTransaction(session());
        boolean kept = false;
        try {
            R result = work.apply(part);
            part.requireNoFailure();
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

    /**
     * Rolls the part back. If even that fails, the whole transaction is rolled back; the caller gets the error that made the
     * part fail.
     */
    private void undoPart() {
        try {
            session().execute("ROLLBACK TO SAVEPOINT joined");
            session().lender().undone();
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
     * Runs a change of at most one row for each argument, and returns what it reads from these rows, in the order of
     * the arguments; empty for an argument that changed no row. On PostgreSQL updates and deletes are a single
     * statement under the same conditions as in a {@link #batch}; an insert is one statement per argument.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if an argument changes more than one row
     */
    public <P, R> List<Optional<R>> findEach(ChangeReturning<P, R> change, List<P> arguments) {
        requireBatch(change, arguments);
        try {
            return session().findEach(change, arguments);
        } catch (RuntimeException e) {
            failed(e);
            throw e;
        }
    }
}
