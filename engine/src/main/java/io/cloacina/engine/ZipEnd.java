package io.cloacina.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The end of a zip file, which says how many entries there are and where their directory is. A file that was cut off has none,
 * and one that says something else than the entries themselves is read in two ways by two programs.
 */
final class ZipEnd {
    private static final int SIGNATURE = 0x06054b50;
    private static final int LENGTH = 22;
    private static final int MAX_COMMENT = 0xFFFF;

    private final ByteBuffer file;
    private final int at;

    ZipEnd(byte[] file) {
        this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        this.at = find();
    }

    private int find() {
        for (int from = file.limit() - LENGTH; from >= Math.max(0, file.limit() - LENGTH - MAX_COMMENT); from--) {
            if (file.getInt(from) == SIGNATURE && from + LENGTH + unsigned(from + 20) == file.limit()) {
                return from;
            }
        }
        return -1;
    }

    /** What is wrong with it, if that many entries were found. */
    Optional<String> requireFiles(int entries) {
        if (at < 0) {
            return Optional.of("it is not a whole jar: its end is missing");
        }
        boolean isWhole = unsigned(at + 8) == entries
                && unsigned(at + 10) == entries
                && Integer.toUnsignedLong(file.getInt(at + 12)) + Integer.toUnsignedLong(file.getInt(at + 16)) == at;
        return isWhole
                ? Optional.empty()
                : Optional.of("it is not a whole jar: its directory does not fit its " + entries + " entries");
    }

    private int unsigned(int from) {
        return Short.toUnsignedInt(file.getShort(from));
    }
}
