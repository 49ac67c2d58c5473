package io.cloacina.testing;

import io.cloacina.api.Arguments;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real, empty database for one test: a file in a folder of its own, or a database of a PostgreSQL server.
 * {@link DatabaseTest} creates and removes it; {@link #create} is for tests that do so themselves. Thread safe.
 */
public final class TestDatabase implements AutoCloseable {
    /** The system property with the URL of the PostgreSQL server for tests: {@value}. */
    public static final String POSTGRES_PROPERTY = "cloacina.test.postgres";

    /** The environment variable with that URL, if the property is not set: {@value}. */
    public static final String POSTGRES_VARIABLE = "CLOACINA_TEST_POSTGRES";

    /**
     * The system property that, with {@code true}, lets databases of the embedded server start with the engine's
     * tables, so that engines start faster: {@value}. Default: they start empty.
     */
    public static final String TABLES_PROPERTY = "cloacina.test.tables";

    private final Backend backend;
    private final String url;
    private final String jdbcUrl;
    private final Runnable removal;

    private TestDatabase(Backend backend, String url, String jdbcUrl, Runnable removal) {
        this.backend = backend;
        this.url = url;
        this.jdbcUrl = jdbcUrl;
        this.removal = removal;
    }

    /**
     * Creates an empty database; the caller closes it.
     *
     * @throws IllegalStateException if there is no PostgreSQL server; the message explains how to provide one
     */
    public static TestDatabase create(Backend backend) {
        return switch (Arguments.given("the kind of the database", backend)) {
            case SQLITE -> sqlite();
            case POSTGRES -> postgres();
        };
    }

    private static TestDatabase sqlite() {
        try {
            Path folder = Files.createTempDirectory("cloacina-test");
            String url = "sqlite:" + folder.resolve("test.db");
            return new TestDatabase(Backend.SQLITE, url, "jdbc:" + url, () -> delete(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestDatabase postgres() {
        PostgresServer server = PostgresServer.forTests();
        String name = server.createDatabase();
        return new TestDatabase(
                Backend.POSTGRES, server.url(name), server.jdbcUrl(name), () -> server.dropDatabase(name));
    }

    /** The backend. */
    public Backend backend() {
        return backend;
    }

    /** The URL that an engine opens it with. */
    public String url() {
        return url;
    }

    /** The URL for JDBC, with user and password where the server asks for them. */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /** Opens a plain JDBC connection in auto-commit mode, independent of any engine; the caller closes it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl);
    }

    /** Removes the database with all its data; open connections to it are terminated. */
    @Override
    public void close() {
        removal.run();
    }

    /** The URL, without user and password. */
    @Override
    public String toString() {
        return DatabaseUrl.parse(url).toString();
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
