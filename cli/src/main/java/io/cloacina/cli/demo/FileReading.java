package io.cloacina.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Reads files, one after another, each once from beginning to end. Not thread safe. */
final class FileReading {
    private static final int HASH_BYTES = 16;

    /** As git does: a text has no zero byte near its beginning. */
    private static final int LOOKED_AT_BYTES = 8_000;

    private final byte[] buffer = new byte[65_536];
    private final MessageDigest sha256;

    FileReading() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What was read: the first 128 bits of the SHA-256, the length, and the lines, which are 0 unless it is text. */
    record Measure(String hash, long bytes, long lines, boolean isText) {}

    /** Reads a file; a symbolic link is refused, as one may have been put there since the scan. */
    Measure read(Path file) throws IOException {
        sha256.reset();
        long bytes = 0;
        long lineEnds = 0;
        byte last = '\n';
        boolean isText = true;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            int length;
            while ((length = in.read(buffer)) > 0) {
                sha256.update(buffer, 0, length);
                if (bytes == 0) {
                    isText = isText(length);
                }
                if (isText) {
                    lineEnds += lineEnds(length);
                }
                bytes += length;
                last = buffer[length - 1];
            }
        }
        String hash = HexFormat.of().formatHex(sha256.digest(), 0, HASH_BYTES);
        // A last line counts whether it is ended or not.
        long lines = isText ? lineEnds + (last == '\n' ? 0 : 1) : 0;
        return new Measure(hash, bytes, lines, isText);
    }

    private boolean isText(int length) {
        for (int i = 0; i < Math.min(length, LOOKED_AT_BYTES); i++) {
            if (buffer[i] == 0) {
                return false;
            }
        }
        return true;
    }

    private long lineEnds(int length) {
        long count = 0;
        for (int i = 0; i < length; i++) {
            if (buffer[i] == '\n') {
                count++;
            }
        }
        return count;
    }
}
