package io.cloacina.schema.copy;

import io.cloacina.api.Labeled;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of the values of rows, which is equal on both backends for equal values. Each value is preceded by its length.
 */
final class RowDigest {
    private static final int NULL = -1;

    private final MessageDigest sha256;
    private final ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    private long rows;

    RowDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    void add(StoredRow row) {
        rows++;
        row.values().forEach(this::add);
    }

    /** Adds one value. */
    void add(@Nullable Object value) {
        byte[] bytes = value == null ? new byte[0] : bytes(value);
        length.putInt(0, value == null ? NULL : bytes.length);
        sha256.update(length.array());
        sha256.update(bytes);
    }

    /** The number of rows that were added. */
    long rows() {
        return rows;
    }

    /** The digest of everything that was added, hexadecimal. Starts a new digest. */
    String hex() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static byte[] bytes(Object value) {
        if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (value instanceof Labeled labeled) {
            return labeled.label().getBytes(StandardCharsets.UTF_8);
        }
        if (value instanceof UniversalBinary binary) {
            return binary.bytes();
        }
        if (value instanceof UniversalUuid uuid) {
            return uuid.toBytes();
        }
        if (value instanceof UniversalTimestamp timestamp) {
            return bytes(timestamp.epochMicros());
        }
        if (value instanceof UniversalBool bool) {
            return new byte[] {(byte) (bool == UniversalBool.TRUE ? 1 : 0)};
        }
        if (value instanceof Number number) {
            return bytes(number.longValue());
        }
        throw new IllegalArgumentException("no type of a column has values of " + value.getClass());
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
