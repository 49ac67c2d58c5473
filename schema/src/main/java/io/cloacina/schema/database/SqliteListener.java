package io.cloacina.schema.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Polls the counter that SQLite increments when another connection commits. A poll reads no table, only the header of
 * the log in shared memory.
 */
record SqliteListener(SqliteOpener opener, SqliteIdentity identity) implements Subscription.Listener {
    /** After a change, more changes are likely: the longer there is none, the longer are the pauses between polls. */
    private static final long FIRST_LOOK_MILLIS = 25;

    private static final long LAST_LOOK_MILLIS = 250;

    @Override
    public Subscription.ListeningConnection open() throws SQLException {
        // Checked first, because opening a missing file would create it.
        identity.require();
        SqliteOpener.Opened opened = opener.open(false);
        try {
            return new Polling(opened);
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }

    private static final class Polling implements Subscription.ListeningConnection {
        private final SqliteOpener.Opened opened;
        private final PreparedStatement look;
        private long seen;
        private long waitMillis = FIRST_LOOK_MILLIS;

        Polling(SqliteOpener.Opened opened) throws SQLException {
            this.opened = opened;
            this.look = opened.connection().prepareStatement("PRAGMA data_version");
            this.seen = version();
        }

        @Override
        public void receive(Consumer<String> handler) throws SQLException, InterruptedException {
            Thread.sleep(waitMillis);
            long now = version();
            if (now == seen) {
                waitMillis = Math.min(LAST_LOOK_MILLIS, waitMillis + 5);
            } else {
                waitMillis = FIRST_LOOK_MILLIS;
                seen = now;
                handler.accept("");
            }
        }

        @Override
        public boolean deliversText() {
            return false;
        }

        /** Does nothing, because each wait is short. */
        @Override
        public void hurry() {}

        @Override
        public void close() throws SQLException {
            try {
                look.close();
            } finally {
                opened.close();
            }
        }

        private long version() throws SQLException {
            try (ResultSet answer = look.executeQuery()) {
                return answer.next() ? answer.getLong(1) : 0;
            }
        }
    }
}
