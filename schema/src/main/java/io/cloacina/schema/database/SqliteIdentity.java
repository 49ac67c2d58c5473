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
 * Notices that the file of an open database is not where it was, or that another one is there. SQLite would go on
 * writing into what it has open, which nobody else can find, and which is gone when the process ends. Thread safe.
 */
final class SqliteIdentity {
    /** How old a look may be on which a read relies. */
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path file;
    private final Path log;
    private final @Nullable Object fileKey;
    private final AtomicBoolean isMissed = new AtomicBoolean();
    private volatile @Nullable Object logKey;
    private volatile long lookedAt = System.nanoTime();

    /**
     * Of a file that has just been opened.
     *
     * @param file as it was named
     * @param opened as SQLite has it: links are followed there
     */
    SqliteIdentity(Path file, Path opened) {
        this.file = file.toAbsolutePath();
        this.log = Path.of(opened + "-wal");
        this.fileKey = key(this.file);
    }

    /** Another connection writes from now on: its log may be a new one. */
    void forgetLog() {
        logKey = null;
    }

    /** In a transaction that writes there is a log. */
    void inTransaction() {
        if (logKey == null) {
            logKey = key(log);
        }
    }

    /**
     * Looks now.
     *
     * @throws DatabaseException of kind {@link ErrorKind#DAMAGED} if something else is there, or nothing
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

    /** As {@link #require()}, unless that was well a moment ago. */
    void requireNowAndThen() {
        if (isMissed.get() || System.nanoTime() - lookedAt > FRESH_NANOS) {
            require();
        }
    }

    /** Whether something else is there, or nothing. */
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
            // Where files have no key (Windows) nobody can replace one that is open.
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
