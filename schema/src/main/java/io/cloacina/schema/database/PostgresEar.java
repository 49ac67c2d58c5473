package io.cloacina.schema.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * LISTEN on a connection of its own. Behind a pooler that shares sessions nothing is heard, nor is it of a server that does not
 * deliver; looking has to do.
 *
 * @param given whether the source is the application's, which wants its connection back as it was
 */
record PostgresEar(DataSource source, boolean given) implements Hints.Ear {
    /** How long one wait is; the connection is silent meanwhile. */
    private static final int WAIT_MILLIS = 10_000;

    /**
     * As long as a close may take: a connection that goes back to a pool cannot be closed by another thread to end a
     * wait.
     */
    private static final int WAIT_OF_GIVEN_MILLIS = 200;

    private static final int LOOKS_AT_POOLER = 3;

    private static final String TO_ITSELF = Database.CHANNEL + "_itself";

    /** The server sends it with the answer to the statement before. */
    private static final int WAIT_FOR_ITSELF_MILLIS = 200;

    @Override
    public Hints.@Nullable Line open() throws SQLException {
        Connection connection = source.getConnection();
        try {
            if (!connection.isWrapperFor(PGConnection.class)) {
                connection.close();
                return null;
            }
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            if (!given && isShared(connection)) {
                connection.close();
                return null;
            }
            if (!hearsItself(connection, connection.unwrap(PGConnection.class))) {
                connection.setAutoCommit(autoCommit);
                connection.close();
                return null;
            }
            run(connection, "LISTEN " + Database.CHANNEL);
            return new Listening(connection, connection.unwrap(PGConnection.class), autoCommit, given);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Whether a pooler has lent the same connection of the server to this one and to another one: then neither is told
     * of anything, and whoever gets that of the server next would be told instead.
     */
    private boolean isShared(Connection connection) throws SQLException {
        if (!PostgresServer.ask(connection).isPooled()) {
            return false;
        }
        for (int look = 0; look < LOOKS_AT_POOLER; look++) {
            int ours = PostgresServer.ask(connection).process();
            if (ours == processOfAnother()) {
                return true;
            }
        }
        return false;
    }

    /** In a transaction, for which the pooler takes what was given back last: most likely ours, if it can. */
    private int processOfAnother() {
        try (Connection other = source.getConnection()) {
            other.setAutoCommit(false);
            return PostgresServer.ask(other).process();
        } catch (SQLException e) {
            Database.LOG.debug("there is no second connection to see how the pooler shares them", e);
            return 0;
        }
    }

    /** Whether the server knows LISTEN, and delivers what it is told: some take it and tell nobody anything. */
    private static boolean hearsItself(Connection connection, PGConnection driver) throws SQLException {
        try {
            run(connection, "LISTEN " + TO_ITSELF);
            try {
                run(connection, "SELECT pg_notify('" + TO_ITSELF + "', '')");
                PGNotification[] heard = driver.getNotifications(WAIT_FOR_ITSELF_MILLIS);
                return heard != null && heard.length > 0;
            } finally {
                run(connection, "UNLISTEN " + TO_ITSELF);
            }
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("0A")
                    || String.valueOf(e.getSQLState()).startsWith("42")) {
                Database.LOG.debug("the server refuses LISTEN", e);
                return false;
            }
            throw e;
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private record Listening(Connection connection, PGConnection driver, boolean autoCommit, boolean given)
            implements Hints.Line {
        @Override
        public void hear(Consumer<String> hint) throws SQLException {
            PGNotification[] heard = driver.getNotifications(given ? WAIT_OF_GIVEN_MILLIS : WAIT_MILLIS);
            if (heard != null) {
                for (PGNotification each : heard) {
                    if (each.getName().equals(Database.CHANNEL)) {
                        hint.accept(each.getParameter());
                    }
                }
            }
        }

        @Override
        public boolean tellsWhat() {
            return true;
        }

        @Override
        public void hurry() {
            if (!given) {
                try {
                    connection.close();
                } catch (SQLException e) {
                    Database.LOG.debug("closing a connection failed", e);
                }
            }
        }

        @Override
        public void close() throws SQLException {
            try (Connection closed = connection) {
                if (given && !closed.isClosed()) {
                    run(closed, "UNLISTEN " + Database.CHANNEL);
                    closed.setAutoCommit(autoCommit);
                }
            }
        }
    }
}
