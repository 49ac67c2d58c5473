package io.cloacina.engine.internal.packages;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.StorageType;
import io.cloacina.engine.internal.host.Sha256;
import io.cloacina.engine.internal.host.UninterruptibleFiles;
import io.cloacina.engine.internal.store.PackageStore;
import io.cloacina.engine.model.PackageRefusedException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.type.UniversalUuid;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores and reads the bytes of packages: in the database, or in files of a directory that all processes see, named by the id
 * of the package's row. Thread safe.
 */
public final class PackageFiles {
    private static final Logger LOG = LoggerFactory.getLogger(PackageFiles.class);

    private final Database database;
    private final @Nullable Path directory;
    private final int maxBytes;

    public PackageFiles(Database database, @Nullable Path directory, int maxBytes) {
        this.database = database;
        this.directory = directory;
        this.maxBytes = maxBytes;
    }

    public StorageType storage() {
        return directory == null ? StorageType.DATABASE : StorageType.FILESYSTEM;
    }

    boolean hasDirectory() {
        return directory != null;
    }

    /** The bytes of a package. The caller must check that they are those that were uploaded. */
    public byte[] read(PackageStore.Header stored) {
        if (stored.size() > maxBytes) {
            throw new PackageRefusedException(stored.what(), List.of(PackageJar.tooLarge(stored.size(), maxBytes)));
        }
        if (stored.storage() == StorageType.DATABASE) {
            return database.find(PackageStore.BYTES, stored.registry())
                    .map(data -> data.bytes())
                    .orElseThrow(() -> unreadable(stored, "it was removed meanwhile", null));
        }
        if (directory == null) {
            throw unreadable(stored, "it is stored in a file, and this engine has no packageDirectory", null);
        }
        Path file = file(directory, stored.registry());
        try {
            return read(file, stored.what(), maxBytes);
        } catch (NoSuchFileException e) {
            throw unreadable(stored, "there is no file " + Arguments.shortened(file), e);
        } catch (IOException e) {
            throw unreadable(stored, Arguments.shortened(e), e);
        }
    }

    /** Reads a file; refuses it if it is larger than a package may be. */
    public static byte[] read(Path file, String what, int maxBytes) throws IOException {
        long size = Files.size(file);
        if (size > maxBytes) {
            throw new PackageRefusedException(what, List.of(PackageJar.tooLarge(size, maxBytes)));
        }
        return UninterruptibleFiles.firstBytes(file, maxBytes + 1L);
    }

    /**
     * Writes the file of a package; when this returns, a crash does not lose it. Empty if the bytes are stored in the database.
     */
    public Optional<Path> write(UniversalUuid registry, byte[] jar) {
        if (directory == null) {
            return Optional.empty();
        }
        Path file = file(directory, registry);
        Path unfinished = directory.resolve(file.getFileName() + ".part");
        try {
            Files.createDirectories(directory);
            UninterruptibleFiles.get(() -> Files.write(unfinished, jar));
            force(unfinished, StandardOpenOption.WRITE);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            // The name of a new file is stored in its directory.
            force(directory, StandardOpenOption.READ);
            return Optional.of(file);
        } catch (IOException e) {
            remove(unfinished);
            throw new CloacinaException(
                    ErrorCodes.PACKAGE_NOT_STORED,
                    "the package could not be written into " + Arguments.shortened(directory) + ": "
                            + Arguments.shortened(e),
                    e);
        }
    }

    private static void force(Path path, OpenOption how) throws IOException {
        UninterruptibleFiles.get(() -> {
            try (FileChannel channel = FileChannel.open(path, how)) {
                channel.force(true);
                return true;
            } catch (AccessDeniedException e) { // an operating system that does not open directories
                if (!Files.isDirectory(path)) {
                    throw e;
                }
                LOG.debug("the directory {} cannot be forced to disk: {}", path, e.toString());
                return false;
            }
        });
    }

    /** Writes the file of a stored package again if it is missing or damaged. */
    public void restore(PackageStore.Header stored, byte[] jar) {
        if (stored.storage() == StorageType.FILESYSTEM && directory != null && !isWhole(stored)) {
            write(stored.registry(), jar);
            LOG.warn("the file of {} was missing or damaged and is written again", stored.what());
        }
    }

    private boolean isWhole(PackageStore.Header stored) {
        try {
            return Sha256.hex(read(stored)).equals(stored.hash());
        } catch (DatabaseException e) {
            throw e;
        } catch (CloacinaException e) {
            return false;
        }
    }

    /** Removes the file of a package, if its bytes are in a file. */
    public void remove(PackageStore.Header stored) {
        if (stored.storage() == StorageType.FILESYSTEM && directory != null) {
            remove(file(directory, stored.registry()));
        } else if (stored.storage() == StorageType.FILESYSTEM) {
            LOG.warn(
                    "the file {}.jar of {} is not deleted: this engine has no packageDirectory",
                    stored.registry(),
                    stored.what());
        }
    }

    public static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) { // a file that is left over is useless but harmless
            LOG.warn("the file {} of a deleted package could not be removed: {}", file, e.toString());
        }
    }

    private static Path file(Path directory, UniversalUuid registry) {
        return directory.resolve(registry + ".jar");
    }

    private static CloacinaException unreadable(PackageStore.Header stored, String why, @Nullable IOException cause) {
        return new CloacinaException(ErrorCodes.PACKAGE_UNREADABLE, stored.what() + " cannot be read: " + why, cause);
    }
}
