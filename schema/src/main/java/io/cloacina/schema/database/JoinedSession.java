package io.cloacina.schema.database;

import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the application, used inside a transaction of the application: all that is done here is kept or
 * undone together, and then shares the fate of that transaction.
 */
final class JoinedSession extends Session {
    private final boolean sqlite;
    private @Nullable Savepoint savepoint;

    JoinedSession(Connection connection, Backend backend, ErrorClassifier errors) {
        super(connection, Dialect.of(backend), errors);
        this.sqlite = backend == Backend.SQLITE;
    }

    /**
     * For work on a connection of the application.
     *
     * @param name of the database, for messages
     * @throws DatabaseException if the connection is of another database, or in no transaction
     */
    static Session of(Sessions sessions, Connection connection, String name) {
        try {
            // Before anything is asked in SQL: an error would end the transaction of a PostgreSQL.
            String product = connection.getMetaData().getDatabaseProductName();
            if (!product.equalsIgnoreCase(sessions.backend().label())) {
                throw new DatabaseException(
                        ErrorKind.STATEMENT,
                        "the connection is of " + product + ", but this database is " + name
                                + ": only a connection to the same database can be joined",
                        null);
            }
            if (connection.getAutoCommit()) {
                throw new DatabaseException(
                        ErrorKind.STATEMENT,
                        "the connection is not in a transaction: call setAutoCommit(false) on it first, and commit it"
                                + " afterwards",
                        null);
            }
        } catch (SQLException e) {
            throw new DatabaseException(ErrorKind.CONNECTION, "the connection cannot be used: " + e.getMessage(), e);
        }
        return sessions.join(connection);
    }

    @Override
    void beginWrite() throws SQLException {
        savepoint = connection().setSavepoint();
    }

    @Override
    void beginRead() throws SQLException {
        beginWrite();
    }

    @Override
    void commit() throws SQLException {
        if (savepoint != null) {
            connection().releaseSavepoint(savepoint);
        }
    }

    @Override
    void rollback() throws SQLException {
        if (savepoint != null) {
            connection().rollback(savepoint);
            connection().releaseSavepoint(savepoint);
        }
    }

    /** It is the application's, with whatever that makes of it. */
    @Override
    void lend() {}

    /** As above; that the transaction was ended is noticed when its savepoint is released. */
    @Override
    boolean takeBack(@Nullable Duration lockWait) {
        return true;
    }

    /** The connection stays the application's. */
    @Override
    void giveUp() {}

    /** As above. */
    @Override
    void tear() {}

    @Override
    <P> int[] batch(Statement<P, ?> statement, List<P> arguments) throws SQLException {
        return sqlite
                ? SqliteSession.eachOf(prepared(statement), arguments, form())
                : SetStatements.batch(this, statement, arguments);
    }

    @Override
    <P, R> List<Optional<R>> tellingBatch(Statement<P, R> statement, List<P> arguments) {
        return SetStatements.oneByOne(this, statement, arguments);
    }
}
