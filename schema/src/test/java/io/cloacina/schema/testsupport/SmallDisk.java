package io.cloacina.schema.testsupport;

import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of its own that is small, so that it can be filled: the whole file of SQLite is on it, with its log, and of
 * PostgreSQL the tables, as a tablespace. The log of PostgreSQL stays where it is: without space for that the server itself ends.
 * Only root can mount one; otherwise the test is skipped and says so.
 */
public final class SmallDisk implements AutoCloseable {
    private static final String SIZE = "32m";

    private final TestDatabase test;
    private final Path folder;
    private final Path ballast;

    private SmallDisk(TestDatabase test, Path folder) {
        this.test = test;
        this.folder = folder;
        this.ballast = folder.resolve("ballast");
    }

    /** Moves a database to it that nobody has opened yet, and which has no rows that are needed. */
    public static SmallDisk under(TestDatabase test) {
        try {
            if (test.backend() == Backend.SQLITE) {
                Path file = Path.of(test.url().substring("sqlite:".length()));
                Path folder = Objects.requireNonNull(file.getParent());
                mount(folder);
                return new SmallDisk(test, folder);
            }
            Path folder = Files.createTempDirectory("cloacina-test-disk");
            mount(folder);
            Path tables = Files.createDirectory(folder.resolve("tables"));
            SmallDisk disk = new SmallDisk(test, folder);
            disk.administer("CREATE TABLESPACE " + disk.name() + "_disk LOCATION '" + tables + "'");
            disk.administer("ALTER DATABASE " + disk.name() + " SET TABLESPACE " + disk.name() + "_disk");
            return disk;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on nothing that is on it can grow. */
    public void fill() {
        byte[] bytes = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            // That is the end of it.
        }
    }

    /** There is space again. */
    public void makeSpace() {
        try {
            Files.deleteIfExists(ballast);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        makeSpace();
        if (test.backend() == Backend.POSTGRES) {
            administer("ALTER DATABASE " + name() + " SET TABLESPACE pg_default");
            administer("DROP TABLESPACE " + name() + "_disk");
        }
        run("umount", folder.toString());
        if (test.backend() == Backend.POSTGRES) {
            Files.delete(folder);
        }
    }

    private String name() {
        return test.url().substring(test.url().lastIndexOf('/') + 1);
    }

    private void administer(String sql) {
        String other = test.url().substring(0, test.url().lastIndexOf('/') + 1) + "postgres";
        try (Connection connection = DriverManager.getConnection(SharedPostgres.jdbcUrl(other));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql + " failed", e);
        }
    }

    private static void mount(Path folder) throws IOException {
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "mode=0777,size=" + SIZE, "tmpfs", folder.toString()),
                "no small file system can be mounted here, which only root can do");
    }

    private static boolean run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
