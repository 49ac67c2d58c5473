package io.cloacina.schema.type;

import io.cloacina.schema.internal.ArgumentChecks;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/**
 * A UUID, ordered as 16 unsigned bytes, as both databases sort ({@link UUID#compareTo} compares signed halves). It
 * wraps a {@link UUID}, so that binding it to PostgreSQL allocates nothing.
 */
public final class UniversalUuid implements Comparable<UniversalUuid> {
    /** All bits 0: the least UUID. */
    public static final UniversalUuid NIL = new UniversalUuid(new UUID(0, 0));
    /** All bits 1: the greatest UUID. */
    public static final UniversalUuid MAX = new UniversalUuid(new UUID(-1, -1));

    private static final int BYTES = 16;
    private static final int CHARACTERS = 36;

    private final UUID value;

    private UniversalUuid(UUID value) {
        this.value = value;
    }

    /**
     * A new version 7 UUID of the current time, greater than all earlier ones of this process, also across threads and
     * when the clock steps back. It is unique but not a secret: others can be guessed from it.
     */
    public static UniversalUuid v7() {
        return new UniversalUuid(UuidV7Sequence.OF_THIS_PROCESS.next());
    }

    /**
     * The lowest version 7 UUID of an instant: no UUID that any process creates later is lower. {@link #NIL} for an
     * instant before 1970, {@link #MAX} for one after the year 9999.
     */
    public static UniversalUuid firstAt(Instant instant) {
        if (ArgumentChecks.given("the instant", instant).isBefore(Instant.EPOCH)) {
            return NIL;
        }
        return instant.isAfter(UniversalTimestamp.MAX.toInstant())
                ? MAX
                : new UniversalUuid(UuidV7Sequence.first(instant));
    }

    public static UniversalUuid of(UUID value) {
        return new UniversalUuid(ArgumentChecks.given("the UUID", value));
    }

    /**
     * Reads the canonical form of RFC 9562 section 4: 36 characters, hexadecimal in either case, grouped 8-4-4-4-12.
     *
     * @throws InvalidValueException for anything else, also what the laxer {@link UUID#fromString} accepts
     */
    public static UniversalUuid parse(String text) {
        if (ArgumentChecks.given("the text of a UUID", text).length() != CHARACTERS
                || text.charAt(8) != '-'
                || text.charAt(13) != '-'
                || text.charAt(18) != '-'
                || text.charAt(23) != '-') {
            throw notUuid(text);
        }
        try {
            long high = HexFormat.fromHexDigitsToLong(text, 0, 8) << 32
                    | HexFormat.fromHexDigitsToLong(text, 9, 13) << 16
                    | HexFormat.fromHexDigitsToLong(text, 14, 18);
            long low = HexFormat.fromHexDigitsToLong(text, 19, 23) << 48
                    | HexFormat.fromHexDigitsToLong(text, 24, CHARACTERS);
            return new UniversalUuid(new UUID(high, low));
        } catch (NumberFormatException notHexadecimal) {
            throw notUuid(text);
        }
    }

    /**
     * Reads 16 bytes, big-endian.
     *
     * @throws InvalidValueException for any other number of bytes
     */
    public static UniversalUuid fromBytes(byte[] sixteen) {
        if (ArgumentChecks.given("the bytes of a UUID", sixteen).length != BYTES) {
            throw new InvalidValueException("a UUID has 16 bytes, not " + sixteen.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(sixteen);
        return new UniversalUuid(new UUID(buffer.getLong(), buffer.getLong()));
    }

    public UUID value() {
        return value;
    }

    /** The next greater UUID; {@link #MAX} returns itself. */
    public UniversalUuid next() {
        if (equals(MAX)) {
            return MAX;
        }
        long low = value.getLeastSignificantBits() + 1;
        return new UniversalUuid(new UUID(value.getMostSignificantBits() + (low == 0 ? 1 : 0), low));
    }

    /** The 16 bytes, big-endian, in a new array. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits())
                .array();
    }

    @Override
    public int compareTo(UniversalUuid other) {
        int high = Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UniversalUuid that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The canonical 36 characters, in lower case. */
    @Override
    public String toString() {
        return value.toString();
    }

    private static InvalidValueException notUuid(String text) {
        return new InvalidValueException(
                "not a UUID (36 characters, hexadecimal 8-4-4-4-12): " + TextRules.quoted(text));
    }
}
