package io.cloacina.cli.demo;

import io.cloacina.api.Arguments;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks a folder. Symbolic links are not followed; hidden folders and build output are left out. */
final class FolderScan extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final Set<Path> leftOut;
    private final List<Path> files = new ArrayList<>();

    private FolderScan(Path folder, Set<Path> leftOut) {
        this.folder = folder;
        this.leftOut = leftOut;
    }

    /**
     * The files of a folder in the order of their paths. A folder in it that cannot be read is among them: who tries to read it
     * learns why.
     *
     * @throws IOException if the folder itself cannot be read
     */
    static List<Path> files(Path folder, Set<Path> leftOut) throws IOException {
        FolderScan scan = new FolderScan(folder, leftOut);
        Files.walkFileTree(folder, scan);
        return scan.files.stream().sorted().toList();
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        String name = String.valueOf(directory.getFileName());
        boolean isSkipped = name.startsWith(".") || name.equals("target");
        return isSkipped && !directory.equals(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && !leftOut.contains(file)) {
            files.add(file);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
        if (path.equals(folder)) {
            throw new IOException(
                    "the folder " + Arguments.shortened(folder) + " cannot be read: " + Batch.reason(failure), failure);
        }
        files.add(path);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
        return failure == null ? FileVisitResult.CONTINUE : visitFileFailed(directory, failure);
    }
}
