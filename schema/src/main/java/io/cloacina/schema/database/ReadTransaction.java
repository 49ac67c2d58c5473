package io.cloacina.schema.database;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that reads: all its statements see one snapshot. It is valid until the lambda that received it returns,
 * and only in that thread. An error of a statement makes it rollback-only, on both backends; for SQL of your own see
 * {@link #connection()}.
 */
public sealed class ReadTransaction permits WriteTransaction {
    static final int MAX_CAUSES = 20;

    private final Session session;
    // Null after the end.
    private @Nullable Thread owner = Thread.currentThread();
    private @Nullable RuntimeException failure;

    ReadTransaction(Session session) {
        this.session = session;
    }

    /** The dialect of the database. */
    public final Dialect dialect() {
        return session.dialect();
    }

    /** Runs a select and returns all rows. */
    public final <P, R> List<R> list(Select<P, R> select, P argument) {
        return listed(select, argument);
    }

    /** Runs a select without argument and returns all rows. */
    public final <R> List<R> list(Select<NoArgument, R> select) {
        return list(select, NoArgument.NONE);
    }

    /**
     * Runs a select and returns its only row; empty if there is none.
     *
     * @throws DatabaseException of kind {@link ErrorKind#STATEMENT} if there is more than one
     */
    public final <P, R> Optional<R> find(Select<P, R> select, P argument) {
        return found(select, argument);
    }

    /**
     * Classifies an error of a statement of your own on {@link #connection()}, and makes the transaction rollback-only.
     */
    public final DatabaseException classify(SQLException e, String doing) {
        ArgumentChecks.given("the exception", e);
        DatabaseException classified = session.failed(e, ArgumentChecks.given("what was being done", doing));
        if (failure == null) {
            failure = classified;
        }
        return classified;
    }

    /**
     * Returns the reason to run this transaction again, if there is one in what the application's code threw: the
     * transaction lost a conflict, or the connection broke. Empty if running it again would not help. On SQLite a
     * transaction that has read also loses if another one is writing when it begins to write, because SQLite does not
     * wait then.
     */
    public final Optional<DatabaseException> lostBy(Throwable thrown) {
        Throwable cause = ArgumentChecks.given("the exception", thrown);
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof DatabaseException lost && lost.kind().isRetryable()) {
                return Optional.of(lost);
            }
            if (cause instanceof SQLException own) {
                DatabaseException lost = classify(own, "a statement of the application");
                // SQLite's driver also reports a closed statement if the application closed its own: that would happen
                // again.
                boolean isBroken = lost.kind() == ErrorKind.CONNECTION && own.getSQLState() != null;
                boolean isRefused = lost.kind() == ErrorKind.BUSY && dialect().backend() == Backend.SQLITE;
                if (lost.kind() == ErrorKind.SERIALIZATION || isBroken || isRefused) {
                    return Optional.of(lost);
                }
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /**
     * The JDBC connection of this transaction, for SQL of the application. It refuses to be committed, rolled back,
     * closed or reconfigured, and any use after the transaction has ended. After an error of the database, it accepts no
     * further statement until it is rolled back to a savepoint, and the transaction cannot be committed: PostgreSQL
     * requires that, and on SQLite this layer does. {@link #classify} describes an error as those of this layer.
     */
    public final Connection connection() {
        requireOwn();
        if (failure != null) {
            requireNoFailure();
        }
        try {
            return session.lender().lend(session, this);
        } catch (RuntimeException e) { // also that of what was deferred
            failure = e;
            throw e;
        }
    }

    final <P, R> List<R> listed(Statement<P, R> statement, P argument) {
        ArgumentChecks.given("the statement", statement);
        requireUsable();
        try {
            return session.list(statement, argument);
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    final <P, R> Optional<R> found(Statement<P, R> statement, P argument) {
        ArgumentChecks.given("the statement", statement);
        requireUsable();
        try {
            return session.find(statement, argument);
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    final Session session() {
        return session;
    }

    final void failed(RuntimeException e) {
        failure = e;
    }

    final void end() {
        owner = null;
    }

    final boolean hasEnded() {
        return owner == null;
    }

    final void requireUsable() {
        requireOwn();
        requireNoFailure();
    }

    private void requireOwn() {
        if (owner == null) {
            throw new DatabaseException(
                    ErrorKind.CLOSED,
                    "the transaction has ended; use it only inside the lambda that received it",
                    null);
        }
        if (owner != Thread.currentThread()) {
            throw new DatabaseException(
                    ErrorKind.STATEMENT,
                    "a transaction belongs to the thread that began it; begin another one in thread "
                            + Thread.currentThread().getName(),
                    null);
        }
    }

    /** @throws DatabaseException of kind {@link ErrorKind#ROLLED_BACK} if the transaction cannot be committed any more */
    final void requireNoFailure() {
        RuntimeException earlier = failure != null ? failure : session.lender().failureIn(session);
        if (earlier == null) {
            return;
        }
        throw new DatabaseException(
                ErrorKind.ROLLED_BACK,
                "an earlier error made this transaction rollback-only: " + earlier.getMessage(),
                earlier);
    }
}
