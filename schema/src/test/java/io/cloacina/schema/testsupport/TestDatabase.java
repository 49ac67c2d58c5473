package io.cloacina.schema.testsupport;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A real, empty database for one test: a file in a folder of its own, or a database of the PostgreSQL of this JVM. */
public final class TestDatabase implements AutoCloseable {
    /** Whether databases of this JVM begin with the tables of Cloacina, which takes a fifth of the time of making them each time. */
    private static final boolean HAVE_TABLES = Boolean.getBoolean("cloacina.test.tables");

    private final Backend backend;
    private final String url;
    private final Runnable removal;
    private final List<Database> opened = new ArrayList<>();
    private final Set<Schema> made = new HashSet<>();

    private TestDatabase(Backend backend, String url, Runnable removal) {
        this.backend = backend;
        this.url = url;
        this.removal = removal;
    }

    /**
     * A database of a backend without any rows, and without tables unless the tests of the module begin with those of Cloacina;
     * the caller closes it.
     */
    public static TestDatabase create(Backend backend) {
        return create(backend, HAVE_TABLES);
    }

    /** A database with all that another one has, whose connections are closed; the caller closes it. */
    public static TestDatabase copyOf(TestDatabase original) {
        return switch (original.backend) {
            case SQLITE -> sqlite(read(original.url));
            case POSTGRES ->
                postgres(SharedPostgres.copyDatabase(original.url.substring(original.url.lastIndexOf('/') + 1)));
        };
    }

    private static TestDatabase create(Backend backend, boolean hasTables) {
        return switch (backend) {
            case SQLITE -> sqlite(hasTables ? SqliteTables.FILE : new byte[0]);
            case POSTGRES ->
                postgres(
                        hasTables ? SharedPostgres.copyDatabase(PostgresTables.NAME) : SharedPostgres.createDatabase());
        };
    }

    /** The backend. */
    public Backend backend() {
        return backend;
    }

    /** The URL, for further processes and settings of one's own. */
    public String url() {
        return url;
    }

    /** Opens it as it is; closed with this. */
    public Database open(Statements... statements) {
        return closedWithThis(Database.open(url, statements));
    }

    /** Opens it for a schema of one's own, whose tables are made if they are not there; closed with this. */
    public Database open(Schema schema, Statements... statements) {
        return open("", schema, statements);
    }

    /** As {@link #open(Schema, Statements...)}, with settings in the URL, such as {@code ?readers=1}. */
    public Database open(String settings, Schema schema, Statements... statements) {
        Database database = closedWithThis(Database.open(url + settings, schema, statements));
        if (made.add(schema)) {
            database.alter(transaction -> {
                new Ddl(transaction.dialect()).create(schema).forEach(sql -> run(transaction, sql));
                return schema;
            });
        }
        return database;
    }

    /** Opens it and makes the tables of Cloacina; closed with this. */
    public Database migrated(Statements... statements) {
        Database database = open(statements);
        Migrator.migrate(database);
        return database;
    }

    /** A plain connection of the driver, beside the library. */
    public Connection jdbc() throws SQLException {
        return DriverManager.getConnection(url.startsWith("sqlite:") ? "jdbc:" + url : SharedPostgres.jdbcUrl(url));
    }

    /** Closes what was opened from here and removes the database. */
    @Override
    public void close() {
        opened.forEach(Database::close);
        removal.run();
    }

    private Database closedWithThis(Database database) {
        opened.add(database);
        return database;
    }

    private static void run(WriteTransaction transaction, String sql) {
        try (Statement statement = transaction.connection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw transaction.classify(e, sql);
        }
    }

    /** One with that content: SQLite takes an empty file for an empty database. */
    private static TestDatabase sqlite(byte[] content) {
        try {
            Path folder = Files.createTempDirectory("cloacina-test");
            if (content.length > 0) {
                Files.write(folder.resolve("test.db"), content);
            }
            return new TestDatabase(Backend.SQLITE, "sqlite:" + folder.resolve("test.db"), () -> delete(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestDatabase postgres(String name) {
        return new TestDatabase(Backend.POSTGRES, SharedPostgres.url(name), () -> SharedPostgres.dropDatabase(name));
    }

    /** The file that others are copies of; made at first use. */
    private static final class SqliteTables {
        static final byte[] FILE = file();

        private static byte[] file() {
            try (TestDatabase test = create(Backend.SQLITE, false)) {
                make(test.url);
                return read(test.url);
            }
        }
    }

    /** The database that others are copies of; made at first use. */
    private static final class PostgresTables {
        static final String NAME = database();

        private static String database() {
            String name = SharedPostgres.createDatabase();
            make(SharedPostgres.url(name));
            return name;
        }
    }

    private static void make(String url) {
        try (Database database = Database.open(url)) {
            Migrator.migrate(database);
        }
    }

    private static byte[] read(String url) {
        try {
            return Files.readAllBytes(Path.of(url.substring("sqlite:".length())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
