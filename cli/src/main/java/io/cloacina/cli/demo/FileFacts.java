package io.cloacina.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What there is to know about a file.
 *
 * @param lines 0 unless it is text; a last line counts whether it is ended or not
 * @param sha256 the first 128 bits, in hexadecimal
 */
record FileFacts(Path path, String language, long bytes, long lines, String sha256) {
    private static final int HASH_BYTES = 16;

    /** As git does: a text has no zero byte near its beginning. */
    private static final int LOOKED_AT_BYTES = 8_000;

    /** Reads a file once, from beginning to end. A symbolic link is refused: it was not there when the folder was scanned. */
    static FileFacts read(Path path) throws IOException, NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[65_536];
        long bytes = 0;
        long lineEnds = 0;
        byte last = '\n';
        boolean isText = true;
        try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                sha256.update(buffer, 0, length);
                isText &= bytes > 0 || count(0, buffer, Math.min(length, LOOKED_AT_BYTES)) == 0;
                lineEnds += isText ? count('\n', buffer, length) : 0;
                bytes += length;
                last = buffer[length - 1];
            }
        }
        long lines = isText ? lineEnds + (last == '\n' ? 0 : 1) : 0;
        String language = isText ? Languages.of(path) : Languages.BINARY;
        return new FileFacts(path, language, bytes, lines, HexFormat.of().formatHex(sha256.digest(), 0, HASH_BYTES));
    }

    private static long count(int wanted, byte[] buffer, int length) {
        long count = 0;
        for (int i = 0; i < length; i++) {
            count += buffer[i] == wanted ? 1 : 0;
        }
        return count;
    }
}
