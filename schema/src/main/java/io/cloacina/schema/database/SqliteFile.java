package io.cloacina.schema.database;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

/** Checks the file of an SQLite database before it is opened, because SQLite's own errors do not show what is wrong. */
final class SqliteFile {
    /** Network file systems, on which SQLite's locks and its shared memory do not work. */
    private static final Set<String> REMOTE = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb",
            "smbfs",
            "smb2",
            "smb3",
            "afs",
            "9p",
            "ceph",
            "fuse.ceph",
            "fuse.glusterfs",
            "fuse.rclone",
            "fuse.s3fs",
            "fuse.sshfs",
            "lustre",
            "webdav",
            "davfs");

    private SqliteFile() {}

    /** @throws DatabaseException if the file cannot be used, with the reason */
    static void requireUsable(DatabaseUrl.Sqlite url) {
        Path file;
        try {
            file = Path.of(url.file()).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new DatabaseException(ErrorKind.URL, "'" + url.file() + "' is not a file name: " + e.getReason(), e);
        }
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw refused(ErrorKind.CONNECTION, url, "its folder does not exist; create it first");
        }
        if (Files.isDirectory(file)) {
            throw refused(ErrorKind.CONNECTION, url, "it is a folder; name a file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw refused(ErrorKind.CONNECTION, url, "it is not a regular file");
        }
        try {
            FileStore store = Files.getFileStore(folder);
            if (isRemote(store.type()) || isRemotePath(url.file())) {
                throw refused(
                        ErrorKind.URL,
                        url,
                        "it is on a network file system (" + store.type()
                                + "), where SQLite's locks do not hold; use a local disk, or PostgreSQL");
            }
            if (Files.exists(file) && isReadOnly(file)) {
                throw refused(ErrorKind.READ_ONLY, url, "the file is read-only; allow this user to write it");
            }
            if (!Files.isWritable(folder)) {
                throw refused(
                        ErrorKind.READ_ONLY,
                        url,
                        "its folder is read-only; SQLite keeps further files beside the database");
            }
        } catch (IOException e) {
            throw new DatabaseException(ErrorKind.CONNECTION, "cannot use " + url + ": " + e.getMessage(), e);
        }
    }

    /** Whether a file system is on another machine, by the operating system's name for its type. */
    static boolean isRemote(String fileSystem) {
        return REMOTE.contains(fileSystem.toLowerCase(Locale.ROOT));
    }

    /** Whether a path is on a Windows share, whose file system looks like a local one. */
    static boolean isRemotePath(String path) {
        return path.startsWith("\\\\");
    }

    /** Also true for an administrator, who could write: a file without any write permission is meant to stay unchanged. */
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
