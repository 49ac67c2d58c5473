package io.cloacina.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteCommitListener;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/** What an engine costs beside time: commits, bytes written, and processor time of this process. */
public abstract class Meter implements AutoCloseable {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Readings at one moment; only differences mean something. Bytes are -1 where they cannot be read. */
    public record Reading(double cpuSeconds, long commits, long bytes) {}

    /** Sessions of PostgreSQL report what they did at most once a second, and not before they are idle. */
    public static final int REPORTED_MILLIS = 1_500;

    /** A meter of the database with that URL. */
    public static Meter of(String url) throws SQLException {
        return of(url, REPORTED_MILLIS);
    }

    /**
     * A meter of the database with that URL.
     *
     * @param reportedMillis how long a reading waits until a server has counted what was done
     */
    public static Meter of(String url, int reportedMillis) throws SQLException {
        return DatabaseUrl.parse(url) instanceof DatabaseUrl.Postgres postgres
                ? new OfPostgres(postgres, reportedMillis)
                : new OfSqlite(((DatabaseUrl.Sqlite) DatabaseUrl.parse(url)).file());
    }

    /** Connections for the engine that are counted, or null if it shall open its own. */
    public abstract @Nullable DataSource connections();

    /** Reads everything; may wait until the database has counted what was done. */
    public abstract Reading read() throws SQLException, IOException, InterruptedException;

    /** What reading costs by itself. */
    public abstract int commitsOfReading();

    @Override
    public abstract void close() throws SQLException;

    public static double cpuSeconds() {
        return SYSTEM.getProcessCpuTime() / 1e9;
    }

    /** The server counts transactions of the whole database: nothing else may use it meanwhile. */
    private static final class OfPostgres extends Meter {
        private final int reportedMillis;
        private final Connection connection;

        OfPostgres(DatabaseUrl.Postgres url, int reportedMillis) throws SQLException {
            this.reportedMillis = reportedMillis;
            this.connection = Place.connect(url, Map.of());
        }

        @Override
        @Nullable
        public DataSource connections() {
            return null;
        }

        @Override
        public Reading read() throws SQLException, InterruptedException {
            double cpu = cpuSeconds();
            TimeUnit.MILLISECONDS.sleep(reportedMillis);
            String sql = "SELECT xact_commit, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"
                    + " FROM pg_stat_database WHERE datname = current_database()";
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return new Reading(cpu, row.getLong(1), row.getLong(2));
            }
        }

        @Override
        public int commitsOfReading() {
            return 1;
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }

    /** The driver tells each commit that wrote; the operating system counts what this process wrote. */
    private static final class OfSqlite extends Meter {
        private final String file;
        private final AtomicLong commits = new AtomicLong();

        OfSqlite(String file) {
            this.file = file;
        }

        @Override
        public DataSource connections() {
            SQLiteConfig config = new SQLiteConfig();
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setBusyTimeout(10_000);
            config.enforceForeignKeys(true);
            SQLiteDataSource source = new SQLiteDataSource(config) {
                @Override
                public SQLiteConnection getConnection(@Nullable String user, @Nullable String password)
                        throws SQLException {
                    SQLiteConnection connection = super.getConnection(user, password);
                    connection.addCommitListener(new SQLiteCommitListener() {
                        @Override
                        public void onCommit() {
                            commits.incrementAndGet();
                        }

                        @Override
                        public void onRollback() {
                            // nothing was written
                        }
                    });
                    return connection;
                }
            };
            source.setUrl("jdbc:sqlite:" + file);
            return source;
        }

        @Override
        public Reading read() throws IOException {
            return new Reading(cpuSeconds(), commits.get(), writtenBytes());
        }

        private static long writtenBytes() throws IOException {
            Path io = Path.of("/proc/self/io");
            if (!Files.isReadable(io)) {
                return -1;
            }
            return Files.readAllLines(io).stream()
                    .filter(line -> line.startsWith("write_bytes: "))
                    .mapToLong(line -> Long.parseLong(line.substring("write_bytes: ".length())))
                    .findFirst()
                    .orElse(-1);
        }

        @Override
        public int commitsOfReading() {
            return 0;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
