package io.cloacina.schema.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the file of an open database was moved, deleted or replaced. SQLite would continue to write into the
 * open file, which other processes cannot find, and which is deleted when the process ends. Thread safe.
 */
final class SqliteIdentity {
    /** How old the last check may be when a connection is lent. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path file;
    private final Path log;
    private final @Nullable Object fileKey;
    private final AtomicBoolean isMissed = new AtomicBoolean();
    private volatile @Nullable Object logKey;
    private volatile long lookedAt = System.nanoTime();

    /**
     * Remembers a file that has just been opened.
     *
     * @param file the name in the URL
     * @param opened the name that SQLite uses, in which links are resolved
     */
    SqliteIdentity(Path file, Path opened) {
        this.file = file.toAbsolutePath();
        this.log = Path.of(opened + "-wal");
        this.fileKey = key(this.file);
    }

    /** Another connection writes from now on, whose log may be a new one. */
    void forgetLog() {
        logKey = null;
    }

    /** Call in a transaction that writes, when a log exists. */
    void inTransaction() {
        if (logKey == null) {
            logKey = key(log);
        }
    }

    /**
     * Checks now.
     *
     * @throws DatabaseException of kind {@link ErrorKind#DAMAGED} if the file or its log was deleted, moved or replaced
     */
    void require() {
        String what = fault();
        lookedAt = System.nanoTime();
        if (what == null) {
            if (isMissed.getAndSet(false)) {
                Database.LOG.info("{} is back in its place", file);
            }
            return;
        }
        String message =
                what + " while it was open: writes of this process would be lost, so it writes nothing. Restore the"
                        + " original file, or restart this process with the present one";
        if (isMissed.compareAndSet(false, true)) {
            Database.LOG.error("{}", message);
        }
        throw new DatabaseException(ErrorKind.DAMAGED, message, null);
    }

    /** As {@link #require()}, unless the last check succeeded a moment ago. */
    void requireNowAndThen() {
        if (isMissed.get() || System.nanoTime() - lookedAt > FRESH_NANOS) {
            require();
        }
    }

    /** Whether the file or its log was deleted, moved or replaced. */
    boolean isMissing() {
        return fault() != null;
    }

    private @Nullable String fault() {
        Object known = logKey;
        String ofFile = fault(file, fileKey);
        return ofFile != null || known == null ? ofFile : fault(log, known);
    }

    private static @Nullable String fault(Path path, @Nullable Object known) {
        if (Objects.equals(key(path), known)) {
            // Where files do not have keys (Windows), an open file cannot be replaced.
            return known == null && !Files.exists(path) ? path + " was deleted or moved" : null;
        }
        return path + (Files.exists(path) ? " was replaced by another file" : " was deleted or moved");
    }

    private static @Nullable Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
