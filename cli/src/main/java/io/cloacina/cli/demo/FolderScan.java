package io.cloacina.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks a folder. Symbolic links are not followed; hidden folders and build output are left out. */
final class FolderScan extends SimpleFileVisitor<Path> {
    private final Path folder;
    private final Set<Path> leftOut;
    private final List<FoundFile> files = new ArrayList<>();
    private Unreadable unreadable = Unreadable.NONE;

    /** The files in the order of their paths, and what could not be looked into. */
    record Result(List<FoundFile> files, Unreadable unreadable) {}

    private FolderScan(Path folder, Set<Path> leftOut) {
        this.folder = folder;
        this.leftOut = Set.copyOf(leftOut);
    }

    /**
     * Finds the files of a folder.
     *
     * @throws IOException if the folder itself cannot be read
     */
    static Result scan(Path folder, Set<Path> leftOut) throws IOException {
        FolderScan scan = new FolderScan(folder, leftOut);
        Files.walkFileTree(folder, scan);
        scan.files.sort(Comparator.comparing(FoundFile::path));
        return new Result(List.copyOf(scan.files), scan.unreadable);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        return directory.equals(folder) || !isSkipped(directory)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile() && !leftOut.contains(file)) {
            files.add(new FoundFile(relative(file), attributes.size()));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        return passOver(file, failure);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
        return failure == null ? FileVisitResult.CONTINUE : passOver(directory, failure);
    }

    private FileVisitResult passOver(Path path, IOException failure) throws IOException {
        if (path.equals(folder)) {
            throw failure;
        }
        unreadable = unreadable.and(relative(path), failure);
        return FileVisitResult.CONTINUE;
    }

    private String relative(Path path) {
        return folder.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
    }

    private static boolean isSkipped(Path directory) {
        String name = String.valueOf(directory.getFileName());
        return name.startsWith(".") || name.equals("target");
    }
}
