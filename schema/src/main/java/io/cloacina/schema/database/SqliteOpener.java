package io.cloacina.schema.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Opens connections to SQLite with the settings that this layer relies on. */
final class SqliteOpener {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * The size in bytes that the log may keep when all of it has been copied to the database. A long read lets it grow
     * without a bound, and it never shrinks by itself; up to this size, growing again costs nothing.
     */
    private static final long LOG_BYTES = 64L << 20;

    private final @Nullable Path file;
    private final Source source;
    private final boolean synchronousFull;

    private SqliteOpener(@Nullable Path file, Source source, boolean synchronousFull) {
        this.file = file;
        this.source = source;
        this.synchronousFull = synchronousFull;
    }

    /** The source of connections. */
    private interface Source {
        Connection get() throws SQLException;
    }

    /**
     * A connection with the settings that it had before, which are restored when it is closed, because it may go back
     * to a pool.
     */
    record Opened(Connection connection, boolean forWriting, boolean autoCommit, boolean foreignKeys) {
        void close() throws SQLException {
            try (Connection closed = connection) {
                if (!forWriting) {
                    Pragma.set(closed, "query_only", false);
                }
                Pragma.set(closed, "foreign_keys", foreignKeys);
                closed.setAutoCommit(autoCommit);
            }
        }
    }

    static SqliteOpener of(DatabaseUrl.Sqlite url) {
        if (!url.isMemory()) {
            SqliteFile.requireUsable(url);
        }
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(url.busyTimeoutMillis());
        // Otherwise the driver would query the last row id after every insert, with a statement that it prepares each
        // time.
        config.setGetGeneratedKeys(false);
        return new SqliteOpener(
                url.isMemory() ? null : Path.of(url.file()),
                () -> JDBC.createConnection("jdbc:sqlite:" + url.file(), config.toProperties()),
                url.synchronousFull());
    }

    /** Opens connections of a given data source, with the same settings. */
    static SqliteOpener of(DataSource source) {
        return new SqliteOpener(null, source::getConnection, true);
    }

    /** The file by its name in the URL; null if it is not known here. */
    @Nullable
    Path file() {
        return file;
    }

    Opened open(boolean forWriting) throws SQLException {
        Connection connection = source.get();
        try {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(true);
            boolean foreignKeys = Pragma.isOn(connection, "foreign_keys");
            Pragma.set(connection, "foreign_keys", true);
            if (forWriting) {
                switchToWriteAheadLog(connection);
                Pragma.run(connection, "synchronous = " + (synchronousFull ? "FULL" : "NORMAL"));
                Pragma.run(connection, "journal_size_limit = " + LOG_BYTES);
            } else {
                Pragma.set(connection, "query_only", true);
            }
            return new Opened(connection, forWriting, autoCommit, foreignKeys);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * Switches to the write-ahead log, with retries: the switch needs the database for itself, and SQLite does not wait
     * while another process is about to switch as well.
     */
    private static void switchToWriteAheadLog(Connection connection) throws SQLException {
        long waitMillis = Long.parseLong(Pragma.get(connection, "busy_timeout"));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        while (true) {
            try {
                String mode = Pragma.get(connection, "journal_mode");
                if (!mode.equals("wal")) {
                    mode = Pragma.get(connection, "journal_mode = WAL");
                }
                if (mode.equals("wal") || mode.equals("memory")) {
                    return;
                }
                throw new DatabaseException(
                        ErrorKind.URL,
                        "the SQLite database stays in journal mode " + mode
                                + " where WAL is needed: its file system has no shared memory; use a local disk",
                        null);
            } catch (SQLiteException e) {
                boolean busy = (e.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
                if (!busy || System.nanoTime() - deadline > 0) {
                    throw e;
                }
                Interrupts.sleep(RETRY_NANOS);
            }
        }
    }
}
