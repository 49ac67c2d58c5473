package io.cloacina.cli.demo;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/** Files that were read, and those that could not be. */
record Batch(List<FileFacts> files, List<Unreadable> unreadable) {
    /** A file or folder that could not be read, and why. */
    record Unreadable(Path path, String reason) {}

    /** Reads files. One that cannot be read does not stop the others. */
    static Batch read(List<Path> paths) throws NoSuchAlgorithmException {
        List<FileFacts> files = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        for (Path path : paths) {
            try {
                files.add(FileFacts.read(path));
            } catch (IOException e) {
                unreadable.add(new Unreadable(path, reason(e)));
            }
        }
        return new Batch(files, unreadable);
    }

    /** In words, without the path. */
    static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "no permission";
        }
        if (failure instanceof NoSuchFileException) {
            return "no longer there";
        }
        String reason = failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
        return reason == null ? failure.getClass().getSimpleName() : reason;
    }
}
