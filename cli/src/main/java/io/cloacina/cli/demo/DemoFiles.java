package io.cloacina.cli.demo;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The folder to report on, as its real path, and the files that the demo itself makes, which are not reported on. */
record DemoFiles(Path folder, Set<Path> leftOut) {
    /**
     * Looks at them before anything is begun.
     *
     * @throws CloacinaException if the folder cannot be read or the report cannot be written
     */
    static DemoFiles check(Path folder, Path report, DatabaseUrl database) {
        Path real = realFolder(folder);
        checkReport(report);
        Set<Path> leftOut = new HashSet<>();
        leftOut.add(real(report));
        if (database instanceof DatabaseUrl.Sqlite sqlite && !sqlite.isMemory()) {
            for (String ending : new String[] {"", "-wal", "-shm", "-journal"}) {
                leftOut.add(real(Path.of(sqlite.file() + ending)));
            }
        }
        return new DemoFiles(real, Set.copyOf(leftOut));
    }

    private static Path realFolder(Path folder) {
        if (!Files.exists(folder)) {
            throw new CloacinaException("there is no folder " + folder);
        }
        if (!Files.isDirectory(folder)) {
            throw new CloacinaException(folder + " is not a folder; name the folder that it is in");
        }
        if (!Files.isReadable(folder)) {
            throw new CloacinaException("the folder " + folder + " cannot be read: no permission");
        }
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            throw new CloacinaException("the folder " + folder + " cannot be read: " + Unreadable.reason(e), e);
        }
    }

    private static void checkReport(Path report) {
        Path parent = report.toAbsolutePath().getParent();
        if (Files.isDirectory(report)) {
            throw new CloacinaException(
                    "the report " + report + " cannot be written: it is a folder; name a file in it");
        }
        if (parent == null || !Files.isDirectory(parent)) {
            throw new CloacinaException("the report " + report + " cannot be written: its folder does not exist");
        }
        if (!Files.isWritable(Files.exists(report) ? report : parent)) {
            throw new CloacinaException("the report " + report + " cannot be written: no permission");
        }
    }

    /** The file may not be there yet; its folder decides. A folder that is not there is refused elsewhere. */
    private static Path real(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        try {
            return parent == null ? absolute : parent.toRealPath().resolve(absolute.getFileName());
        } catch (IOException e) {
            return absolute;
        }
    }
}
