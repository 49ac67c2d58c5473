package io.cloacina.engine.internal.packages;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The end of a zip file, which contains the number of entries and the position of their directory. A file that was cut off does
 * not have it; a file whose directory differs from its entries would be read differently by different programs.
 */
final class ZipEnd {
    private static final int SIGNATURE = 0x06054b50;
    private static final int LENGTH = 22;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;
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

    /** The problem of the file, if entries with those names were found, in that order; empty if there is none. */
    Optional<String> problem(List<String> names) {
        int entries = names.size();
        if (at < 0) {
            return Optional.of("it is not a complete jar: its end is missing");
        }
        boolean isWhole = unsigned(at + 8) == entries
                && unsigned(at + 10) == entries
                && Integer.toUnsignedLong(file.getInt(at + 12)) + Integer.toUnsignedLong(file.getInt(at + 16)) == at;
        return isWhole && names(entries).equals(names)
                ? Optional.empty()
                : Optional.of("it is not a complete jar: its directory does not fit its " + entries + " entries");
    }

    /** The names in the directory; fewer if it is damaged. */
    private List<String> names(int entries) {
        List<String> names = new ArrayList<>();
        int entry = file.getInt(at + 16);
        while (names.size() < entries
                && entry >= 0
                && entry + ENTRY_LENGTH <= at
                && file.getInt(entry) == ENTRY_SIGNATURE) {
            int length = unsigned(entry + 28);
            int next = entry + ENTRY_LENGTH + length + unsigned(entry + 30) + unsigned(entry + 32);
            if (next > at) {
                break;
            }
            byte[] name = new byte[length];
            file.get(entry + ENTRY_LENGTH, name);
            names.add(new String(name, StandardCharsets.UTF_8));
            entry = next;
        }
        return names;
    }

    private int unsigned(int from) {
        return Short.toUnsignedInt(file.getShort(from));
    }
}
