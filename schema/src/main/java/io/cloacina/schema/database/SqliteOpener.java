package io.cloacina.schema.database;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;

/** Opens connections to SQLite with the settings that the rest relies on. */
final class SqliteOpener implements SqliteSessions.Opener {
    /** File systems of other machines: SQLite's locks and its shared memory do not hold there. */
    private static final Set<String> REMOTE =
            Set.of("nfs", "nfs4", "cifs", "smb", "smbfs", "smb2", "smb3", "afs", "9p", "fuse.sshfs", "webdav", "davfs");

    private final DatabaseUrl.Sqlite url;

    SqliteOpener(DatabaseUrl.Sqlite url) {
        this.url = url;
        if (!url.isMemory()) {
            requireUsable(url);
        }
    }

    @Override
    public Connection open(boolean forWriting) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(url.busyTimeoutMillis());
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + url.file(), config.toProperties());
        return prepared(connection, forWriting, url.synchronousFull());
    }

    /** Connections of a given data source, with the same settings. */
    static SqliteSessions.Opener of(DataSource source) {
        return forWriting -> prepared(source.getConnection(), forWriting, true);
    }

    private static Connection prepared(Connection connection, boolean forWriting, boolean full) throws SQLException {
        try {
            SqliteSessions.run(connection, "PRAGMA foreign_keys = ON");
            if (forWriting) {
                SqliteSessions.run(connection, "PRAGMA journal_mode = WAL");
                SqliteSessions.run(connection, "PRAGMA synchronous = " + (full ? "FULL" : "NORMAL"));
            } else {
                SqliteSessions.run(connection, "PRAGMA query_only = ON");
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    private static void requireUsable(DatabaseUrl.Sqlite url) {
        Path file;
        try {
            file = Path.of(url.file()).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new DatabaseException(ErrorKind.URL, "'" + url.file() + "' is not a file name: " + e.getReason(), e);
        }
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw refused(ErrorKind.CONNECTION, url, "its folder does not exist; make it first");
        }
        if (Files.isDirectory(file)) {
            throw refused(ErrorKind.CONNECTION, url, "it is a folder; name a file in it");
        }
        try {
            FileStore store = Files.getFileStore(folder);
            if (isRemote(store.type())) {
                throw refused(
                        ErrorKind.URL,
                        url,
                        "it is on a network file system (" + store.type()
                                + "), where SQLite's locks do not hold; use a local disk, or PostgreSQL");
            }
            if (Files.exists(file) ? isReadOnly(file) : !Files.isWritable(folder)) {
                throw refused(ErrorKind.READ_ONLY, url, "it is read-only");
            }
        } catch (IOException e) {
            throw new DatabaseException(ErrorKind.CONNECTION, "cannot use " + url + ": " + e.getMessage(), e);
        }
    }

    static boolean isRemote(String fileSystem) {
        return REMOTE.contains(fileSystem.toLowerCase(Locale.ROOT));
    }

    /** A file whose permissions allow nobody to write is meant to stay as it is, also for an administrator who could. */
    private static boolean isReadOnly(Path file) throws IOException {
        if (!Files.isWritable(file)) {
            return true;
        }
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return false;
        }
        Set<PosixFilePermission> writers = PosixFilePermissions.fromString("-w--w--w-");
        return Files.getPosixFilePermissions(file).stream().noneMatch(writers::contains);
    }

    private static DatabaseException refused(ErrorKind kind, DatabaseUrl url, String why) {
        return new DatabaseException(kind, "cannot use " + url + ": " + why, null);
    }
}
