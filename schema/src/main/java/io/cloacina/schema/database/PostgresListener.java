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
 * Listens by LISTEN on a connection of its own. A pooler that shares sessions, or a server that does not deliver notifications,
 * cannot be used: then polling has to do.
 *
 * @param given whether the source is the application's, whose connection must be given back unchanged
 */
record PostgresListener(DataSource source, boolean given) implements Subscription.Listener {
    /** How long one wait takes at most; nothing is sent on the connection meanwhile. */
    private static final int WAIT_MILLIS = 10_000;

    /**
     * The same for a connection of the application's pool, which another thread cannot close to end a wait: closing takes as
     * long.
     */
    private static final int WAIT_OF_GIVEN_MILLIS = 200;

    private static final int LOOKS_AT_POOLER = 3;

    private static final String TO_ITSELF = Database.CHANNEL + "_itself";

    /** Enough, because the server sends the notification with the answer to the statement before. */
    private static final int WAIT_FOR_ITSELF_MILLIS = 200;

    @Override
    public Subscription.@Nullable ListeningConnection open() throws SQLException {
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
            if (!receivesItsOwn(connection, connection.unwrap(PGConnection.class))) {
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
     * Whether a pooler uses one connection to the server for this connection and others. Then notifications would not arrive
     * here, but reach whichever connection uses that of the server next.
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

    /**
     * The server process of a second connection. It is asked in a transaction, for which a pooler takes the connection to the
     * server that was released last: most likely the one of the first connection, if both share them.
     */
    private int processOfAnother() {
        try (Connection other = source.getConnection()) {
            other.setAutoCommit(false);
            return PostgresServer.ask(other).process();
        } catch (SQLException e) {
            Database.LOG.debug("there is no second connection to see how the pooler shares them", e);
            return 0;
        }
    }

    /** Whether the server supports LISTEN and delivers notifications: some accept the statement without delivering anything. */
    private static boolean receivesItsOwn(Connection connection, PGConnection driver) throws SQLException {
        try {
            run(connection, "LISTEN " + TO_ITSELF);
            try {
                run(connection, "SELECT pg_notify('" + TO_ITSELF + "', '')");
                PGNotification[] received = driver.getNotifications(WAIT_FOR_ITSELF_MILLIS);
                return received != null && received.length > 0;
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
            implements Subscription.ListeningConnection {
        @Override
        public void receive(Consumer<String> handler) throws SQLException {
            PGNotification[] received = driver.getNotifications(given ? WAIT_OF_GIVEN_MILLIS : WAIT_MILLIS);
            if (received != null) {
                for (PGNotification each : received) {
                    if (each.getName().equals(Database.CHANNEL)) {
                        handler.accept(each.getParameter());
                    }
                }
            }
        }

        @Override
        public boolean deliversText() {
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
