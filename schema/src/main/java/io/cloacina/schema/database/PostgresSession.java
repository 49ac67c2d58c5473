package io.cloacina.schema.database;

import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.InvalidValueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * A connection to PostgreSQL. Session state is neither assumed nor left behind, because a pooler shares sessions. The only
 * exceptions are statements that the driver prepares on the server, which is switched off behind a pooler.
 */
final class PostgresSession extends Session {
    private final ServerStatements serverStatements;
    private final boolean preparesOnServer;
    private final @Nullable PGConnection driver;
    private final boolean isOurs;
    private final boolean isReadCommitted;
    private final Pipeline pipeline;
    private final boolean mayDefer;
    private @Nullable List<String> stateBefore;
    private volatile @Nullable Connection pooled;
    private boolean hasShortStatements;
    private boolean cameInAutoCommit;
    private int cameWithThreshold;

    /**
     * @param driver the connection as the driver's; null if the data source does not show it
     * @param server what the connection shows of its server
     * @param isOurs whether only this layer uses the connection between two of its transactions
     */
    PostgresSession(
            Connection connection,
            ErrorClassifier errors,
            ServerStatements serverStatements,
            @Nullable PGConnection driver,
            PostgresServer server,
            boolean isOurs) {
        super(connection, Dialect.of(Backend.POSTGRES), errors);
        this.serverStatements = serverStatements;
        this.preparesOnServer = serverStatements.areUsed(server.isPooled());
        this.driver = driver;
        this.isOurs = isOurs;
        this.isReadCommitted = server.isReadCommitted();
        this.pipeline = new Pipeline(this, connection);
        // With a negative threshold the driver reports no rows for some changes of a text of several statements.
        this.mayDefer = driver != null && driver.getPrepareThreshold() >= 0;
    }

    /** Whether it has statements on the server that must not exist any more; the driver cannot forget them. */
    boolean isOutdated() {
        return preparesOnServer && serverStatements.haveFailed();
    }

    /** Uses the connection of the pool that wraps this one; outside transactions it commits each statement. */
    void takeFrom(Connection connectionOfPool) throws SQLException {
        if (driver != null && !preparesOnServer) {
            cameWithThreshold = driver.getPrepareThreshold();
            driver.setPrepareThreshold(0);
        }
        cameInAutoCommit = connection().getAutoCommit();
        if (!cameInAutoCommit) {
            connection().setAutoCommit(true);
        }
        pooled = connectionOfPool;
        if (!isOurs) {
            stateBefore = null;
        }
    }

    /** Returns the connection of the pool, which the caller closes to give it back. */
    Connection leave() {
        Connection left = Objects.requireNonNull(pooled);
        pooled = null;
        return left;
    }

    /** Restores the settings that the connection had when the pool gave it. */
    void reset() throws SQLException {
        if (!cameInAutoCommit) {
            connection().setAutoCommit(false);
        }
        if (driver != null && !preparesOnServer) {
            driver.setPrepareThreshold(cameWithThreshold);
        }
    }

    @Override
    void noticed(DatabaseException e) {
        super.noticed(e);
        serverStatements.noticed(e);
        if (e.kind() == ErrorKind.READ_ONLY) {
            setBroken(); // the server became a standby, or only this session is read-only: a new one shows which
        }
    }

    /**
     * READ COMMITTED, whatever the default of the server, the role or the pool is: after waiting for a lock, a statement then
     * sees what the other transaction committed. With a snapshot from its beginning, the transaction would fail with a
     * conflict, or count too few uses of a limit.
     */
    @Override
    void beginWrite() throws SQLException {
        hasShortStatements = false;
        if (isReadCommitted) {
            connection().setAutoCommit(false);
            return;
        }
        if (stateBefore == null) { // reading it later would be a query, after which the isolation cannot be set
            stateBefore = find(SessionState.READ, NoArgument.NONE).orElseThrow();
        }
        connection().setAutoCommit(false);
        execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
    }

    /** READ COMMITTED would give each statement its own snapshot; on SQLite, a transaction has one snapshot. */
    @Override
    void beginRead() throws SQLException {
        hasShortStatements = false;
        connection().setAutoCommit(false);
        try (Statement statement = connection().createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        }
    }

    /** Not if the driver itself has set savepoints ({@code autosave}). */
    @Override
    boolean isAbortedBy(SQLException e) {
        return driver instanceof BaseConnection base
                ? base.getTransactionState() == TransactionState.FAILED
                : super.isAbortedBy(e);
    }

    @Override
    void lend() throws SQLException {
        flush(true);
        if (hasShortStatements) {
            hasShortStatements = false; // statements of the application may be long
            execute(SessionState.LONG_STATEMENTS);
        }
        if (stateBefore == null) {
            stateBefore = state();
        }
        execute(SessionState.MARK);
    }

    /**
     * Reads the settings before the transaction, if nothing has begun it: after a query, its isolation cannot be set any more.
     */
    private List<String> state() throws SQLException {
        boolean hasBegun =
                !(driver instanceof BaseConnection base) || base.getTransactionState() != TransactionState.IDLE;
        if (hasBegun) {
            return find(SessionState.READ, NoArgument.NONE).orElseThrow();
        }
        connection().setAutoCommit(true);
        List<String> state = find(SessionState.READ, NoArgument.NONE).orElseThrow();
        connection().setAutoCommit(false);
        return state;
    }

    @Override
    boolean takeBack(@Nullable Duration lockWait) throws SQLException {
        SessionState.Returned now = find(SessionState.TAKE_BACK, lockWait == null ? "" : inMillis(lockWait))
                .orElseThrow();
        if (now.hasTemporary()) {
            execute("SET CONSTRAINTS ALL IMMEDIATE"); // deferred checks would keep their table in use
            execute("DISCARD TEMP");
        }
        List<String> before = Objects.requireNonNull(stateBefore);
        if (!now.settings().equals(before)) {
            setBack(before, now.settings());
            if (lockWait != null) {
                limitLockWaits(lockWait);
            }
        }
        hasShortStatements = lockWait != null;
        return now.isSameTransaction();
    }

    /**
     * Restores settings for the session, because a setting for the transaction only cannot be distinguished. Values that the
     * server changed meanwhile, by a new configuration, are left as they are.
     */
    private void setBack(List<String> before, List<String> now) throws SQLException {
        try (PreparedStatement set = connection().prepareStatement(SessionState.SET_BACK)) {
            for (int setting = 0; setting < before.size(); setting++) {
                if (!before.get(setting).equals(now.get(setting))) {
                    set.setString(1, before.get(setting));
                    set.setString(2, SessionState.SETTINGS.get(setting));
                    set.execute();
                }
            }
        }
        stateBefore = null; // it will be read again
    }

    /** Sets it for the transaction, because a setting of the session would remain behind a pooler. */
    @Override
    void limitLockWaits(Duration longest) {
        if (lender().isLending()) {
            find(SessionState.LOCK_WAIT, inMillis(longest));
            return;
        }
        if (driver == null) {
            find(SessionState.SHORT_STATEMENTS, inMillis(longest));
        } else {
            pipeline.set(Pipeline.part(SessionState.SHORT_STATEMENTS.composed(dialect()), inMillis(longest), form()));
        }
        hasShortStatements = true;
    }

    @Override
    @Nullable
    Pipeline waiting() {
        return pipeline.isEmpty() ? null : pipeline;
    }

    /**
     * Runs the changes at once if the application may read the result next, if the batch needs several statements, if
     * another driver is used, which may not accept several statements in one text, or if the driver is told to describe
     * each statement first.
     */
    @Override
    <P> void defer(io.cloacina.schema.sql.Statement<P, ?> statement, List<P> arguments, boolean isEachExpected) {
        try {
            if (!mayDefer
                    || lender().isLending()
                    || !SetStatements.defer(this, statement, arguments, isEachExpected, pipeline)) {
                super.defer(statement, arguments, isEachExpected);
            }
        } catch (InvalidValueException e) {
            throw Pipeline.invalid(e, statement.name());
        }
    }

    @Override
    boolean hasShortStatements() {
        return hasShortStatements;
    }

    private static String inMillis(Duration time) {
        return Math.max(1, time.toMillis()) + "ms";
    }

    @Override
    void commit() throws SQLException {
        pipeline.commit();
        connection().commit(); // does nothing if the text above has committed
        connection().setAutoCommit(true);
    }

    /** The rollback also undoes settings and temporary tables, but not locks of the session. */
    @Override
    void rollback() throws SQLException {
        pipeline.clear();
        connection().rollback();
        connection().setAutoCommit(true);
        if (lender().hasLent()) {
            execute("SELECT pg_advisory_unlock_all()");
        }
    }

    @Override
    void closeOthers() throws SQLException {
        pipeline.close();
    }

    @Override
    void giveUp() throws SQLException {
        connection().close();
    }

    /** Closes the socket; the server rolls back when it notices that. */
    @Override
    void tear() throws SQLException {
        connection().abort(Runnable::run);
    }

    boolean isLent() {
        return pooled != null;
    }

    @Override
    <P> int[] batch(io.cloacina.schema.sql.Statement<P, ?> statement, List<P> arguments) throws SQLException {
        return SetStatements.batch(this, statement, arguments);
    }

    @Override
    <P, R> List<Optional<R>> batchReturning(io.cloacina.schema.sql.Statement<P, R> statement, List<P> arguments)
            throws SQLException {
        return SetStatements.telling(this, statement, arguments);
    }
}
