package io.cloacina.schema.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.postgresql.PGConnection;

/**
 * What a connection shows of the server.
 *
 * @param database the name of the database on the server; a pooler in between may have another name for it
 * @param process the id of the server process of this connection
 * @param isPooled whether a pooler (such as PgBouncer) is in between, so that the next transaction of this connection may use
 *     another connection to the server
 * @param isReadCommitted whether transactions are READ COMMITTED by default
 */
record PostgresServer(String database, int process, boolean isPooled, boolean isReadCommitted) {
    /**
     * Reads it from a connection that is not in a transaction.
     *
     * @param name the name of the database, for messages
     * @throws DatabaseException of kind {@link ErrorKind#URL} if that database cannot be used, of kind
     *     {@link ErrorKind#UNSUPPORTED} if its server cannot
     */
    static PostgresServer lookAt(Connection connection, String name) throws SQLException {
        PGConnection driver =
                connection.isWrapperFor(PGConnection.class) ? connection.unwrap(PGConnection.class) : null;
        if (driver == null) {
            PostgresProduct.require(connection, name);
            PostgresProduct.requireAdvisoryLocks(connection, name);
            return ask(connection);
        }
        requireUnicode(driver, name);
        boolean autoCommit = connection.getAutoCommit();
        int prepareThreshold = driver.getPrepareThreshold();
        // Otherwise the driver would prepare even its COMMIT on the server, where a pooler would leave it for other
        // connections.
        driver.setPrepareThreshold(0);
        // In a transaction, so that a pooler that refuses transactions is noticed now.
        connection.setAutoCommit(false);
        // Before statements that another product may not know.
        PostgresProduct.require(connection, name);
        PostgresProduct.requireAdvisoryLocks(connection, name);
        PostgresServer server = ask(connection);
        connection.commit();
        connection.setAutoCommit(autoCommit);
        driver.setPrepareThreshold(prepareThreshold);
        return server;
    }

    /** Reads it from a connection, in its current transaction or in one of its own. */
    static PostgresServer ask(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT current_database(), pg_backend_pid(),"
                        + " current_setting('default_transaction_isolation') = 'read committed'")) {
            answer.next();
            int process = answer.getInt(2);
            return new PostgresServer(
                    answer.getString(1), process, isPooled(connection, process), answer.getBoolean(3));
        }
    }

    /** A pooler announces another process id than the server's, which it learns only later. */
    private static boolean isPooled(Connection connection, int serverProcess) throws SQLException {
        return connection.isWrapperFor(PGConnection.class)
                && connection.unwrap(PGConnection.class).getBackendPID() != serverProcess;
    }

    /**
     * Checks the search path, because a pooler may drop settings that it cannot pass on: then the tables would be in another
     * schema.
     */
    static void requireSearchPath(Connection connection, String wanted, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SHOW search_path")) {
            answer.next();
            String found = answer.getString(1);
            if (!withoutSpaces(found).equals(withoutSpaces(wanted))) {
                throw new DatabaseException(
                        ErrorKind.URL,
                        "the pooler between this process and " + name + " does not pass currentSchema=" + wanted
                                + " on (the server searches " + found
                                + "): leave it out of the URL and use ALTER ROLE … SET search_path = " + wanted,
                        null);
            }
        }
    }

    private static String withoutSpaces(String text) {
        return text.replace(" ", "");
    }

    /** In any other encoding, the server refuses or changes some characters. */
    private static void requireUnicode(PGConnection driver, String name) {
        String encoding = driver.getParameterStatus("server_encoding");
        if (encoding != null && !encoding.toUpperCase(Locale.ROOT).equals("UTF8")) {
            throw new DatabaseException(
                    ErrorKind.URL,
                    name + " is encoded in " + encoding + "; create the database with ENCODING 'UTF8'",
                    null);
        }
    }
}
