package io.cloacina.schema.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** LISTEN on a connection of its own. Behind a pooler that shares sessions nothing is heard; polling has to do. */
record PostgresEar(DataSource source) implements Hints.Ear {
    /** How long one wait is; the connection is silent meanwhile. */
    private static final int WAIT_MILLIS = 10_000;

    @Override
    public Connection open() throws SQLException {
        Connection connection = source.getConnection();
        try (Statement listen = connection.createStatement()) {
            connection.setAutoCommit(true);
            listen.execute("LISTEN " + Database.CHANNEL);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public void hear(Connection connection, Consumer<String> hint) throws SQLException {
        PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications(WAIT_MILLIS);
        if (heard != null) {
            for (PGNotification each : heard) {
                hint.accept(each.getParameter());
            }
        }
    }
}
