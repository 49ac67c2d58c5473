package io.cloacina.schema.testsupport;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL server of this JVM: started at first use, stopped when the JVM ends. Each test has a database of its own. */
public final class SharedPostgres {
    private static final AtomicInteger NEXT = new AtomicInteger();

    /** Takes a third of the time of copying through the log. */
    private static final String COPIED = " STRATEGY FILE_COPY";

    private static @Nullable Connection administration;

    private SharedPostgres() {}

    private static final class Started {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                // Tests do not pull the plug: without fsync they are not slowed by the disk of the machine.
                EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                        .setServerConfig("fsync", "off")
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("max_connections", "200");
                Path folder = folder();
                EmbeddedPostgres server = PreparedData.start(builder, folder);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, folder)));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** In memory where there is room: what makes and removes databases of three hundred files is the file system. */
        private static Path folder() throws IOException {
            Path memory = Path.of("/dev/shm");
            boolean hasRoom =
                    Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > 4L << 30;
            String name = "cloacina-test-postgres-" + ProcessHandle.current().pid() + "-";
            return hasRoom ? Files.createTempDirectory(memory, name) : Files.createTempDirectory(name);
        }

        private static void stop(EmbeddedPostgres server, Path folder) {
            try {
                server.close();
                PreparedData.remove(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Makes an empty database and returns its name. */
    public static String createDatabase() {
        String name = "test_" + NEXT.incrementAndGet();
        administer("CREATE DATABASE " + name + COPIED);
        return name;
    }

    /** Makes a database that is like the given one, to which nobody is connected, and returns its name. */
    public static String copyDatabase(String template) {
        String name = "test_" + NEXT.incrementAndGet();
        administer("CREATE DATABASE " + name + " TEMPLATE " + template + COPIED);
        return name;
    }

    /** Removes a database and ends what is still connected to it. */
    public static void dropDatabase(String name) {
        administer("DROP DATABASE " + name + " WITH (FORCE)");
    }

    /** The URL of a database for {@code Database.open}. */
    public static String url(String database) {
        return "postgresql://postgres@127.0.0.1:" + Started.SERVER.getPort() + "/" + database;
    }

    /** The driver's form of a URL made here. */
    public static String jdbcUrl(String url) {
        return "jdbc:" + url.replace("postgres@", "") + "?user=postgres";
    }

    /** By one connection, which is made anew when a test has had it ended. */
    private static synchronized void administer(String sql) {
        try {
            if (administration == null || !administration.isValid(0)) {
                administration = Started.SERVER.getPostgresDatabase().getConnection();
            }
            try (Statement statement = administration.createStatement()) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql + " failed", e);
        }
    }
}
