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
 * A connection to PostgreSQL. No session state is assumed or left behind: behind a pooler it is shared. The one
 * exception is the driver's: statements prepared on the server, which are switched off there.
 */
final class PostgresSession extends Session {
    private final ServerStatements serverStatements;
    private final boolean preparesOnServer;
    private final @Nullable PGConnection driver;
    private final boolean isOurs;
    private final boolean isReadCommitted;
    private final Pipeline pipeline;
    private @Nullable List<String> stateBefore;
    private volatile @Nullable Connection pooled;
    private boolean hasShortStatements;
    private boolean cameInAutoCommit;
    private int cameWithThreshold;

    /**
     * @param driver the connection as the driver's; null if it cannot be had
     * @param server what the connection tells of it
     * @param isOurs whether nobody else uses the connection between two transactions of this layer
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
    }

    /** Whether it has statements on the server that are not to be there any more; the driver forgets none of them. */
    boolean isOutdated() {
        return preparesOnServer && serverStatements.haveFailed();
    }

    /** Is lent as a connection of the pool; outside transactions it commits by itself. */
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

    /** The pool's connection, which is to be closed: that gives it back. */
    Connection leave() {
        Connection left = Objects.requireNonNull(pooled);
        pooled = null;
        return left;
    }

    /** Sets the connection as the pool gave it. */
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
            setBroken(); // the server became a standby, or only this session was set so: another connection tells
        }
    }

    /**
     * READ COMMITTED, whatever the server, the role or the pool have for a default: who has waited for a lock then sees what the
     * one before has committed. With the snapshot of its begin it would lose to that one, or count what a limit holds too low.
     */
    @Override
    void beginWrite() throws SQLException {
        hasShortStatements = false;
        if (isReadCommitted) {
            connection().setAutoCommit(false);
            return;
        }
        if (stateBefore == null) { // reading it later would be a query, after which the isolation cannot be chosen
            stateBefore = find(SessionState.READ, NoArgument.NONE).orElseThrow();
        }
        connection().setAutoCommit(false);
        execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
    }

    /** READ COMMITTED would give each statement a snapshot of its own; SQLite gives one to the transaction. */
    @Override
    void beginRead() throws SQLException {
        hasShortStatements = false;
        connection().setAutoCommit(false);
        try (Statement statement = connection().createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        }
    }

    @Override
    void lend() throws SQLException {
        flush(true);
        if (hasShortStatements) {
            hasShortStatements = false; // the application's may be long
            execute(SessionState.LONG_STATEMENTS);
        }
        if (stateBefore == null) {
            stateBefore = state();
        }
        execute(SessionState.MARK);
    }

    /** Before the transaction, if nothing has begun it: after a query its isolation cannot be chosen any more. */
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
            execute("SET CONSTRAINTS ALL IMMEDIATE"); // what is still to be checked would keep its table
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
     * For the session: that what was set was for the transaction only cannot be seen. What the server changed
     * meanwhile, by another configuration, is left as it is.
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
        stateBefore = null; // it is asked for again
    }

    /** By a setting of the transaction: one of the session would stay behind a pooler. */
    @Override
    void limitLockWaits(Duration longest) {
        if (isLentNow()) {
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
     * At once if the application may look at it next, if the batch is several statements, and if the driver is another one, which
     * may not take several in one text.
     */
    @Override
    <P> void defer(io.cloacina.schema.sql.Statement<P, ?> statement, List<P> arguments) {
        try {
            if (driver == null || isLentNow() || !SetStatements.defer(this, statement, arguments, pipeline)) {
                super.defer(statement, arguments);
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
        connection().commit(); // does nothing if that has committed
        connection().setAutoCommit(true);
    }

    /** What was set and made is rolled back with it; locks of the session are not. */
    @Override
    void rollback() throws SQLException {
        pipeline.clear();
        connection().rollback();
        connection().setAutoCommit(true);
        if (wasLent()) {
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

    /** Closes the socket; the server rolls back when it sees that. */
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
    <P, R> List<Optional<R>> tellingBatch(io.cloacina.schema.sql.Statement<P, R> statement, List<P> arguments)
            throws SQLException {
        return SetStatements.telling(this, statement, arguments);
    }
}
