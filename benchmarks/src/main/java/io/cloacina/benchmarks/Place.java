package io.cloacina.benchmarks;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.migration.Ddl;
import io.cloacina.schema.migration.Migrator;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.tables.CloacinaSchema;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where databases are made to be measured, and removed again: memory, a folder, or schemas of a PostgreSQL database. */
public abstract class Place implements AutoCloseable {
    private static final String MEMORY = ":memory:";

    static Place memory() {
        return new Memory();
    }

    /**
     * Files in a temporary folder.
     *
     * @param synchronous FULL or NORMAL
     */
    public static Place files(String synchronous) throws IOException {
        return new Folder(Files.createTempDirectory("cloacina-benchmark"), synchronous);
    }

    /**
     * What a database option means: schemas of a PostgreSQL database, a folder beside an SQLite file (on whose disk it is then
     * measured; the file itself is not touched), or without one a temporary folder.
     *
     * @param given the same URL as it was given, with the password
     */
    public static Place of(@Nullable DatabaseUrl url, @Nullable String given) throws IOException {
        if (url instanceof DatabaseUrl.Postgres postgres && given != null) {
            return postgres(postgres, given);
        }
        if (url instanceof DatabaseUrl.Sqlite sqlite && !sqlite.isMemory()) {
            Path beside = Path.of(sqlite.file()).toAbsolutePath().getParent();
            return new Folder(
                    Files.createTempDirectory(beside, "cloacina-benchmark"),
                    sqlite.synchronousFull() ? "FULL" : "NORMAL");
        }
        return files("FULL");
    }

    /**
     * Schemas of a database.
     *
     * @param given the same URL as it was given, with the password
     */
    public static Place postgres(DatabaseUrl.Postgres url, String given) {
        return new Schemas(url, given);
    }

    /** A migrated database for the layer. */
    final Database layer() throws SQLException {
        Database database = Database.open(url("layer"), Catalog.STATEMENTS);
        Migrator.migrate(database);
        return database;
    }

    /** A connection of the driver. */
    public static Connection connect(DatabaseUrl.Postgres url, Map<String, String> further) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(url.settings());
        properties.putAll(further);
        String database = URLEncoder.encode(url.database(), StandardCharsets.UTF_8);
        return DriverManager.getConnection("jdbc:postgresql://" + url.servers() + "/" + database, properties);
    }

    /** A database with the same tables and settings, and a connection to it. */
    abstract FloorOperations floor() throws SQLException;

    /** The URL of one of the databases here, for {@link Database#open}. */
    public abstract String url(String name) throws SQLException;

    @Override
    public abstract void close() throws SQLException, IOException;

    private static void createTables(Connection connection, Backend backend) throws SQLException {
        for (String sql : new Ddl(Dialect.of(backend)).create(CloacinaSchema.SCHEMA)) {
            run(connection, sql);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static FloorOperations sqliteFloor(String file, String synchronous) throws SQLException {
        Connection connection = sqlite(file);
        run(connection, "PRAGMA journal_mode = WAL");
        run(connection, "PRAGMA synchronous = " + synchronous);
        createTables(connection, Backend.SQLITE);
        if (file.equals(MEMORY)) {
            return new SqliteFloor(connection, connection);
        }
        Connection reading = sqlite(file);
        run(reading, "PRAGMA query_only = ON");
        return new SqliteFloor(connection, reading);
    }

    private static Connection sqlite(String file) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("busy_timeout", "10000");
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file, properties);
        run(connection, "PRAGMA foreign_keys = ON");
        return connection;
    }

    private static final class Memory extends Place {
        @Override
        FloorOperations floor() throws SQLException {
            return sqliteFloor(MEMORY, "FULL");
        }

        @Override
        public String url(String name) {
            return "sqlite:" + MEMORY;
        }

        @Override
        public void close() {
            // nothing is left of it
        }
    }

    private static final class Folder extends Place {
        private final Path folder;
        private final String synchronous;

        Folder(Path folder, String synchronous) {
            this.folder = folder;
            this.synchronous = synchronous;
        }

        @Override
        FloorOperations floor() throws SQLException {
            return sqliteFloor(folder.resolve("floor.db").toString(), synchronous);
        }

        @Override
        public String url(String name) {
            return "sqlite:" + folder.resolve(name + ".db") + "?synchronous=" + synchronous;
        }

        @Override
        public void close() throws IOException {
            List<Path> files;
            try (Stream<Path> found = Files.walk(folder)) {
                files = found.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** Schemas of this process in the given database; nothing else in it is touched. */
    private static final class Schemas extends Place {
        private final DatabaseUrl.Postgres url;
        private final String given;
        private final Set<String> created = new LinkedHashSet<>();
        private final String prefix =
                "cloacina_benchmark_" + ProcessHandle.current().pid() + "_";

        Schemas(DatabaseUrl.Postgres url, String given) {
            this.url = url;
            this.given = given;
        }

        @Override
        FloorOperations floor() throws SQLException {
            create("floor");
            Connection connection =
                    connect(url, Map.of("currentSchema", prefix + "floor", "reWriteBatchedInserts", "true"));
            createTables(connection, Backend.POSTGRES);
            return new PostgresFloor(connection);
        }

        @Override
        public String url(String name) throws SQLException {
            create(name);
            return given + (given.contains("?") ? "&" : "?") + "currentSchema=" + prefix + name;
        }

        @Override
        public void close() throws SQLException {
            for (String name : created) {
                administer("DROP SCHEMA IF EXISTS " + prefix + name + " CASCADE");
            }
        }

        private void create(String name) throws SQLException {
            created.add(name);
            administer("CREATE SCHEMA IF NOT EXISTS " + prefix + name);
        }

        private void administer(String sql) throws SQLException {
            try (Connection connection = connect(url, Map.of())) {
                run(connection, sql);
            }
        }
    }
}
