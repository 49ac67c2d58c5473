package io.cloacina.cli.demo;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The folder to report on, as its real path, and the files that the demo itself writes, which are left out of the report. */
record DemoFiles(Path folder, Set<Path> leftOut) {
    /**
     * Looks at them before anything is begun.
     *
     * @throws CloacinaException if the folder cannot be read or the report cannot be written
     */
    static DemoFiles check(Path folder, Path report, DatabaseUrl database) {
        if (!Files.isDirectory(folder)) {
            throw new CloacinaException(
                    Files.exists(folder)
                            ? folder + " is not a folder; name the folder that it is in"
                            : "there is no folder " + Arguments.shortened(folder));
        }
        Path writable = Files.exists(report) ? report : report.toAbsolutePath().getParent();
        if (Files.isDirectory(report) || writable == null || !Files.isWritable(writable)) {
            throw unwritable(report, "name a file in a folder that exists, and that you may write");
        }
        try {
            Set<Path> leftOut = new HashSet<>(Set.of(real(report)));
            if (database instanceof DatabaseUrl.Sqlite sqlite && !sqlite.isMemory()) {
                for (String ending : Set.of("", "-wal", "-shm", "-journal")) {
                    leftOut.add(real(Path.of(sqlite.file() + ending)));
                }
            }
            return new DemoFiles(folder.toRealPath(), leftOut);
        } catch (IOException e) {
            throw new CloacinaException(
                    "the folder " + Arguments.shortened(folder) + " cannot be read: " + Batch.reason(e), e);
        }
    }

    static CloacinaException unwritable(Path report, String reason) {
        return new CloacinaException("the report " + report + " cannot be written: " + reason);
    }

    /** The file may not be there yet; its folder decides. */
    private static Path real(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        return parent != null && Files.exists(parent) ? parent.toRealPath().resolve(absolute.getFileName()) : absolute;
    }
}
