package io.cloacina.benchmarks.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.benchmarks.Meter;
import io.cloacina.benchmarks.Place;
import io.cloacina.schema.database.DatabaseUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database of a library in its process, and the connections that it is given. */
final class PeerDatabase {
    private final String given;
    private final DatabaseUrl url;
    private final Meter meter;
    private @Nullable HikariDataSource pool;

    PeerDatabase(String given, Meter meter) {
        this.given = given;
        this.url = DatabaseUrl.parse(given);
        this.meter = meter;
    }

    String url() {
        return given;
    }

    boolean isPostgres() {
        return url instanceof DatabaseUrl.Postgres;
    }

    /** Connections that the meter counts; null where the server does. */
    @Nullable
    DataSource counted() {
        return meter.connections();
    }

    /** The schema that its tables are in; PostgreSQL only. */
    String schema() {
        return Objects.requireNonNull(((DatabaseUrl.Postgres) url).settings().get("currentSchema"));
    }

    /**
     * A pool for a library that brings none.
     *
     * @param connections on PostgreSQL; on SQLite there is one, because with more their transactions that read before they write
     *     fail or wait for each other, and come to less than half
     */
    HikariDataSource pool(int connections) {
        HikariConfig config = new HikariConfig();
        if (url instanceof DatabaseUrl.Postgres postgres) {
            config.setJdbcUrl("jdbc:postgresql://" + postgres.servers() + "/"
                    + URLEncoder.encode(postgres.database(), StandardCharsets.UTF_8));
            postgres.settings().forEach(config::addDataSourceProperty);
            config.addDataSourceProperty("reWriteBatchedInserts", "true");
            config.setMaximumPoolSize(connections);
        } else {
            config.setDataSource(Objects.requireNonNull(counted()));
            config.setMaximumPoolSize(1);
        }
        HikariDataSource made = new HikariDataSource(config);
        pool = made;
        return made;
    }

    /** Runs statements on a connection of its own. */
    static void run(DataSource source, String... statements) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    static long count(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection()) {
            return Long.parseLong(value(connection, sql));
        }
    }

    /**
     * What makes a commit durable, and the version of the database: on a connection of the pool, or on one as the library opens
     * them itself.
     *
     * @param required whether a commit has to be durable
     * @throws IllegalStateException if it has to be and is not
     */
    String durability(boolean required) throws SQLException {
        try (Connection connection = pool != null ? pool.getConnection() : open()) {
            return isPostgres() ? ofPostgres(connection, required) : ofSqlite(connection, required);
        }
    }

    private Connection open() throws SQLException {
        return url instanceof DatabaseUrl.Postgres postgres
                ? Place.connect(postgres, Map.of())
                : Objects.requireNonNull(counted()).getConnection();
    }

    private static String ofPostgres(Connection connection, boolean required) throws SQLException {
        String commit = value(connection, "SHOW synchronous_commit");
        String fsync = value(connection, "SHOW fsync");
        String settings = "synchronous_commit=" + commit + ", fsync=" + fsync;
        require(!required || (commit.equals("on") && fsync.equals("on")), settings);
        return settings + ", PostgreSQL "
                + value(connection, "SHOW server_version").replaceAll(" .*", "");
    }

    private static String ofSqlite(Connection connection, boolean required) throws SQLException {
        String journal = value(connection, "PRAGMA journal_mode");
        String synchronous = value(connection, "PRAGMA synchronous");
        require(
                !required || (journal.equals("wal") && synchronous.equals("2")),
                "journal_mode=" + journal + ", synchronous=" + synchronous);
        return "journal_mode=" + journal + ", synchronous=" + (synchronous.equals("2") ? "FULL" : synchronous)
                + ", SQLite " + value(connection, "SELECT sqlite_version()");
    }

    private static void require(boolean durable, String settings) {
        if (!durable) {
            throw new IllegalStateException("commits are not durable here (" + settings
                    + "): turn that on, or give another" + " database with --database");
        }
    }

    private static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
