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
 * A connection of the application inside a transaction of the application. All that this layer does on it is kept or
 * undone together, and then committed or rolled back with that transaction.
 */
final class JoinedSession extends Session {
    private final boolean sqlite;
    private @Nullable Savepoint savepoint;

    JoinedSession(Connection connection, Backend backend, ErrorClassifier errors) {
        super(connection, Dialect.of(backend), errors);
        this.sqlite = backend == Backend.SQLITE;
    }

    /**
     * Creates a session on a connection of the application.
     *
     * @param name the name of the database, for messages
     * @throws DatabaseException if the connection belongs to another database, or is not in a transaction
     */
    static Session of(Sessions sessions, Connection connection, String name) {
        try {
            // Before any SQL is sent, because an error would make a PostgreSQL transaction fail.
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

    /** Does nothing: the connection belongs to the application. */
    @Override
    void lend() {}

    /** Does nothing: if the transaction was ended, releasing its savepoint fails. */
    @Override
    boolean takeBack(@Nullable Duration lockWait) {
        return true;
    }

    /** Does nothing: the connection belongs to the application. */
    @Override
    void giveUp() {}

    /** Does nothing, for the same reason. */
    @Override
    void tear() {}

    @Override
    <P> int[] batch(Statement<P, ?> statement, List<P> arguments) throws SQLException {
        return sqlite
                ? SqliteSession.eachOf(prepared(statement), arguments, form())
                : SetStatements.batch(this, statement, arguments);
    }

    @Override
    <P, R> List<Optional<R>> batchReturning(Statement<P, R> statement, List<P> arguments) {
        return SetStatements.oneByOne(this, statement, arguments);
    }
}
