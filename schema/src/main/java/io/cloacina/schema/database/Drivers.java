package io.cloacina.schema.database;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/** Checks that a driver exists and can be loaded, because the errors of drivers do not show what is wrong. */
final class Drivers {
    private Drivers() {}

    /** @throws DatabaseException naming the missing dependency */
    static void requirePostgres() {
        require("PostgreSQL", "org.postgresql.Driver", "org.postgresql:postgresql");
        require("PostgreSQL", "com.zaxxer.hikari.HikariDataSource", "com.zaxxer:HikariCP");
    }

    /** @throws DatabaseException naming the missing dependency, or saying why its native library cannot be loaded */
    static void requireSqlite() {
        require("SQLite", "org.sqlite.JDBC", "org.xerial:sqlite-jdbc");
        try {
            // Before the driver does it itself: the driver remembers only that it has tried, not that it has failed.
            SQLiteJDBCLoader.initialize();
        } catch (Exception | LinkageError e) {
            throw unloadable(e);
        }
    }

    /** The error for what a data source threw, if that is about the native library; null for anything else. */
    static @Nullable DatabaseException ofLibrary(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            // By name, because the class belongs to the driver, which may be another version or missing.
            if (each instanceof UnsatisfiedLinkError
                    || each.getClass().getSimpleName().equals("NativeLibraryNotFoundException")) {
                return unloadable(thrown);
            }
        }
        return null;
    }

    private static void require(String product, String driver, String dependency) {
        try {
            Class.forName(driver, false, Drivers.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            throw new DatabaseException(
                    ErrorKind.DRIVER,
                    product + " needs " + dependency + ", which is not on the class path: add the dependency, or do not"
                            + " exclude it",
                    e);
        }
    }

    private static DatabaseException unloadable(Throwable e) {
        return new DatabaseException(
                ErrorKind.DRIVER, "the native library of the SQLite driver cannot be loaded: " + why(), e);
    }

    private static String why() {
        if (!LibraryLoaderUtil.hasNativeLib(
                LibraryLoaderUtil.getNativeLibResourcePath(), LibraryLoaderUtil.getNativeLibName())) {
            return "org.xerial:sqlite-jdbc has no native library for os.name=" + System.getProperty("os.name")
                    + ", os.arch=" + System.getProperty("os.arch")
                    + "; use another version of it, or set the folder of one with -Dorg.sqlite.lib.path=FOLDER";
        }
        String folder = System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
        Path path = Path.of(folder);
        String fault = !Files.exists(path)
                ? "does not exist"
                : !Files.isDirectory(path)
                        ? "is not a folder"
                        : !Files.isWritable(path)
                                ? "cannot be written by this user"
                                : "is full, or mounted so that nothing in it can be run (noexec)";
        return "it is unpacked into the folder for temporary files, and " + folder + " " + fault
                + "; name another folder with -Dorg.sqlite.tmpdir=FOLDER (or -Djava.io.tmpdir=FOLDER)";
    }
}
