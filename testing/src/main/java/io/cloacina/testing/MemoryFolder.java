package io.cloacina.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Folders for the data of a server, in memory: what makes and removes databases of three hundred files is the file system. */
final class MemoryFolder {
    private static final Path MEMORY = Path.of("/dev/shm");

    /** In bytes. Containers often have very little. */
    private static final long ROOM = 4L << 30;

    private static final String PREFIX = "cloacina-test-postgres-";

    private MemoryFolder() {}

    /** A new folder of this process; empty where there is no memory for it. Folders that ended processes left are removed. */
    static Optional<Path> create() {
        try {
            if (!Files.isWritable(MEMORY) || Files.getFileStore(MEMORY).getUsableSpace() < ROOM) {
                return Optional.empty();
            }
            List<Path> present;
            try (Stream<Path> found = Files.list(MEMORY)) {
                present = found.filter(MemoryFolder::isLeft).toList();
            }
            present.forEach(MemoryFolder::remove);
            long process = ProcessHandle.current().pid();
            return Optional.of(Files.createTempDirectory(MEMORY, PREFIX + process + "-"));
        } catch (IOException e) { // then it is a folder like any other
            return Optional.empty();
        }
    }

    private static boolean isLeft(Path folder) {
        String name = folder.getFileName().toString();
        if (!name.startsWith(PREFIX)) {
            return false;
        }
        String process = name.substring(PREFIX.length()).replaceFirst("-.*", "");
        return process.matches("[0-9]{1,18}")
                && ProcessHandle.of(Long.parseLong(process)).isEmpty();
    }

    /** As far as that can be done: another process may do the same, and whoever comes next tries it again. */
    private static boolean remove(Path folder) {
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
