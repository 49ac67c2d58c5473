package io.cloacina.schema.database;

import io.cloacina.schema.database.StatementCache.Prepared;
import io.cloacina.schema.sql.Composed;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.type.InvalidValueException;
import io.cloacina.schema.type.PayloadForm;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One physical connection with its prepared statements. Used by one thread at a time. */
abstract class Session {
    private final Connection connection;
    private final Dialect dialect;
    private final ErrorClassifier errors;
    private final StatementCache statements;
    // The statements for many arguments at once, on PostgreSQL.
    private final StatementCache sets;
    // Kept here, because otherwise each transaction would need another field.
    private final Lender lender = new Lender();
    private @Nullable Definitions definitions;
    private volatile boolean broken;
    private volatile boolean isTorn;
    private @Nullable ReadTransaction user;
    private boolean isCutOff;

    Session(Connection connection, Dialect dialect, ErrorClassifier errors) {
        this.connection = connection;
        this.dialect = dialect;
        this.errors = errors;
        statements = new StatementCache(connection, dialect, Composed::sql);
        sets = new StatementCache(
                connection,
                dialect,
                composed -> Objects.requireNonNull(composed.set()).sql());
    }

    /** Begins a transaction that may write. */
    abstract void beginWrite() throws SQLException;

    /** Begins a transaction that only reads, from one snapshot. */
    abstract void beginRead() throws SQLException;

    abstract void commit() throws SQLException;

    /** Rolls back, and restores what code of the application changed in the session, if that was lent to it. */
    abstract void rollback() throws SQLException;

    /** Restores the physical connection to its original state and releases it. */
    abstract void giveUp() throws SQLException;

    /** Closes the physical connection at once, even if it is in use; called by another thread. */
    abstract void tear() throws SQLException;

    /**
     * Marks the transaction and saves the state of the session, before code of the application gets the connection.
     *
     * @see #takeBack
     */
    abstract void lend() throws SQLException;

    /**
     * Takes the connection back from code of the application, and restores what that changed in the session.
     *
     * @param lockWait how long statements wait for locks from now on; null keeps the present limit
     * @return whether the transaction is still the one in which it was lent
     */
    abstract boolean takeBack(@Nullable Duration lockWait) throws SQLException;

    /** Runs a batch of a change that reads what it changed, at most one row for each member. */
    abstract <P, R> List<Optional<R>> batchReturning(Statement<P, R> statement, List<P> arguments) throws SQLException;

    /** Runs a batch; returns the counts of its members, in order. */
    abstract <P> int[] batch(Statement<P, ?> statement, List<P> arguments) throws SQLException;

    /**
     * Runs a change for each argument, at the latest with the next statement of the transaction or its commit.
     *
     * @param isEachExpected whether each argument must change a row; otherwise any number is right
     */
    <P> void defer(Statement<P, ?> statement, List<P> arguments, boolean isEachExpected) {
        int[] changed = executeBatch(statement, arguments);
        if (isEachExpected) {
            long found = IntStream.of(changed).filter(rows -> rows > 0).count();
            SetStatements.requireEach(statement.name(), (int) found, changed.length);
        }
    }

    /** The deferred statements, which must be sent before anything else; null if there are none. */
    @Nullable
    Pipeline waiting() {
        return null;
    }

    /**
     * Limits how long statements wait for locks until the transaction ends. Does nothing where the writer holds the only lock.
     */
    void limitLockWaits(Duration longest) {}

    /** Whether rows are found by keys, in the order of the arguments, whatever the planner estimates. */
    boolean hasShortStatements() {
        return false;
    }

    final ReadTransaction beginReading() {
        try {
            beginRead();
            return new ReadTransaction(this);
        } catch (SQLException e) {
            throw notBegun(e);
        }
    }

    final WriteTransaction beginWriting() {
        try {
            beginWrite();
            return new WriteTransaction(this);
        } catch (SQLException e) {
            throw notBegun(e);
        }
    }

    private DatabaseException notBegun(SQLException e) {
        rollbackOrBreak();
        return failed(e, "beginning a transaction");
    }

    final void commitOrFail() {
        try {
            commit();
        } catch (SQLException e) {
            throw failed(e, ErrorClassifier.COMMITTING);
        }
    }

    final Connection connection() {
        return connection;
    }

    /** Sets the definitions of the database for which it is used: only their statements can run. */
    final void useFor(Definitions given) {
        definitions = given;
    }

    final boolean isUsedFor(Definitions given) {
        return definitions == given;
    }

    /** How values and texts of users are stored. */
    final PayloadForm form() {
        Definitions its = definitions;
        return its == null ? PayloadForm.PLAIN : its.payloadForm();
    }

    /** Runs a statement without parameters or results, outside the cache. */
    final void execute(String sql) throws SQLException {
        flush(true);
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Lends the connection to code of the application. */
    final Lender lender() {
        return lender;
    }

    /** Whether the connection cannot be used any more. */
    final boolean isBroken() {
        return broken;
    }

    /** Sends the deferred statements; a setting alone stays deferred unless {@code all} is true. */
    final void flush(boolean all) {
        Pipeline waiting = waiting();
        if (waiting != null) {
            waiting.flush(all);
        }
    }

    final <P, R> List<R> list(Statement<P, R> statement, P argument) {
        try {
            Prepared<P, R> ready = statements.get(statement, definitions);
            try (ResultSet result = Pipeline.query(this, ready, argument)) {
                return ready.composed().readAll(result, ready.row(), form());
            }
        } catch (SQLException e) {
            throw failed(e, statement, argument);
        } catch (InvalidValueException e) {
            throw Pipeline.invalid(e, statement.name());
        }
    }

    /** The only row, read without a list around it, because most reads are of one row. */
    final <P, R> Optional<R> find(Statement<P, R> statement, P argument) {
        try {
            Prepared<P, R> ready = statements.get(statement, definitions);
            try (ResultSet result = Pipeline.query(this, ready, argument)) {
                if (!result.next()) {
                    return Optional.empty();
                }
                R only = ready.composed().readCurrent(result, ready.row(), form());
                if (result.next()) {
                    throw SetStatements.moreThanOneRow(statement);
                }
                return Optional.of(only);
            }
        } catch (SQLException e) {
            throw failed(e, statement, argument);
        } catch (InvalidValueException e) {
            throw Pipeline.invalid(e, statement.name());
        }
    }

    final <P> int execute(Statement<P, ?> statement, P argument) {
        try {
            return Pipeline.change(this, statements.get(statement, definitions), argument);
        } catch (SQLException e) {
            throw failed(e, statement, argument);
        } catch (InvalidValueException e) {
            throw Pipeline.invalid(e, statement.name());
        }
    }

    final <P> int[] executeBatch(Statement<P, ?> statement, List<P> arguments) {
        try {
            return batch(statement, arguments);
        } catch (MemberFailure e) {
            throw failed(e.failure(), statement, arguments.get(e.member()));
        } catch (SQLException e) {
            throw failed(e, statement, null);
        } catch (InvalidValueException e) {
            throw Pipeline.invalid(e, statement.name());
        }
    }

    final <P, R> List<Optional<R>> findEach(Statement<P, R> statement, List<P> arguments) {
        try {
            return batchReturning(statement, arguments);
        } catch (SQLException e) {
            throw failed(e, statement, arguments.size() == 1 ? arguments.get(0) : null);
        } catch (InvalidValueException e) {
            throw Pipeline.invalid(e, statement.name());
        }
    }

    /** Classifies an error of this connection outside any statement. */
    final DatabaseException failed(SQLException e, String doing) {
        DatabaseException classified = errors.classify(e, doing);
        noticed(classified);
        return classified;
    }

    /** Rolls back; if that fails, the connection cannot be used any more. */
    final void rollbackOrBreak() {
        lender.end();
        try {
            rollback();
        } catch (SQLException e) {
            Database.LOG.debug("rolling back failed", e);
            broken = true;
        }
    }

    /** Whether that error of a statement of the application aborts the transaction, on PostgreSQL or as it would there. */
    boolean isAbortedBy(SQLException e) {
        return errors.isOfDatabase(e);
    }

    /** Call when that transaction begins to use the session. */
    final synchronized void usedBy(ReadTransaction transaction) {
        user = transaction;
        lender.forget();
    }

    /**
     * Takes the session from that transaction, which may be running in another thread; false if it has ended. The caller then
     * frees its place.
     */
    final synchronized boolean cutOff(ReadTransaction transaction) {
        if (user != transaction) {
            return false;
        }
        user = null;
        isCutOff = true;
        broken = true;
        return true;
    }

    /** The session is given back; false if it was cut off, and its place is free already. */
    final synchronized boolean comesBack() {
        user = null;
        return !isCutOff;
    }

    /** Closes the physical connection even if it is in use, so that threads that wait for it continue. */
    final void tearDown() {
        broken = true;
        isTorn = true;
        try {
            tear();
        } catch (SQLException | RuntimeException e) { // a wrapper of the application's may throw anything
            Database.LOG.debug("closing a connection in use failed", e);
        }
    }

    /** Refuses to commit after a cut-off: the driver may have returned from a hanging call only now. */
    final void requireWhole() {
        if (isTorn) {
            throw new DatabaseException(
                    ErrorKind.CLOSED, "the connection was closed while the transaction was under way", null);
        }
    }

    /** Marks the connection as unusable. */
    final void setBroken() {
        broken = true;
    }

    final void close() {
        try {
            closeStatements();
        } catch (SQLException e) { // the connection may be gone
            Database.LOG.debug("closing the statements of a connection failed", e);
        }
        try {
            giveUp();
        } catch (SQLException e) {
            Database.LOG.debug("closing a connection failed", e);
        }
    }

    /** Closes and forgets the prepared statements. */
    final void closeStatements() throws SQLException {
        statements.close();
        sets.close();
        closeOthers();
    }

    /** Closes the statements that a subclass has prepared. */
    void closeOthers() throws SQLException {}

    private <P> DatabaseException failed(SQLException e, Statement<P, ?> statement, @Nullable P argument) {
        DatabaseException classified = errors.classify(e, this, statement, argument);
        noticed(classified);
        return classified;
    }

    /** Classifies the error of one of several statements that were sent together. */
    final DatabaseException failed(SQLException e, List<Composed<?, ?>> statements, boolean andCommit) {
        DatabaseException classified = errors.classify(e, statements, andCommit);
        noticed(classified);
        return classified;
    }

    /** Remembers what an error shows of the connection. */
    void noticed(DatabaseException e) {
        broken |= e.kind() == ErrorKind.CONNECTION;
    }

    final Dialect dialect() {
        return dialect;
    }

    /** The statement for one argument, prepared on this connection. */
    final <P, R> Prepared<P, R> prepared(Statement<P, R> statement) throws SQLException {
        return statements.get(statement, definitions);
    }

    /** Requires that a statement belongs to the definitions of the database. */
    final void require(Statement<?, ?> statement) {
        if (definitions != null) {
            definitions.require(statement);
        }
    }

    /** The statement for many arguments at once. */
    final <P, R> Prepared<P, R> preparedSet(Statement<P, R> statement) throws SQLException {
        return sets.get(statement, definitions);
    }
}
