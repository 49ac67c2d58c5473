package io.cloacina.schema.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Looks at the number that SQLite changes when another connection commits: a look reads no table, only the head of the log in
 * shared memory.
 */
final class SqliteEar implements Hints.Ear {
    private static final long LOOK_MILLIS = 25;

    private final SqliteOpener opener;
    private long seen;

    SqliteEar(SqliteOpener opener) {
        this.opener = opener;
    }

    @Override
    public Connection open() throws SQLException {
        Connection connection = opener.open(false).connection();
        seen = version(connection);
        return connection;
    }

    @Override
    public void hear(Connection connection, Consumer<String> hint) throws SQLException, InterruptedException {
        Thread.sleep(LOOK_MILLIS);
        long now = version(connection);
        if (now != seen) {
            seen = now;
            hint.accept("");
        }
    }

    private static long version(Connection connection) throws SQLException {
        try (PreparedStatement look = connection.prepareStatement("PRAGMA data_version");
                ResultSet answer = look.executeQuery()) {
            return answer.next() ? answer.getLong(1) : 0;
        }
    }
}
