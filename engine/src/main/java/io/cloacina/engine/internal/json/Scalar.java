package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text, a number or a boolean.
 *
 * @param kind which of them
 * @param format the type whose values are written as the text, such as {@code Instant}; empty for any text, and for numbers and
 *     booleans
 */
record Scalar(Kind kind, String format) implements Form {
    private static final Set<String> POINTS_IN_TIME =
            Set.of("Instant", "OffsetDateTime", "ZonedDateTime", "Date", "Calendar", "GregorianCalendar");

    /** Among whole numbers, a later kind can represent all values of an earlier one. */
    enum Kind {
        TEXT("text", "a text", 0),
        BOOLEAN("boolean", "a boolean", 0),
        BYTE("byte", "a whole number of 8 bits", 7),
        SHORT("short", "a whole number of 16 bits", 15),
        INT("int", "a whole number of 32 bits", 31),
        LONG("long", "a whole number of 64 bits", 63),
        INTEGER("integer", "a whole number", Integer.MAX_VALUE),
        FLOAT("float", "a number that a float has room for", 24),
        DOUBLE("double", "a number that a double has room for", 53),
        DECIMAL("number", "a number", Integer.MAX_VALUE);

        private final String key;
        private final String noun;
        /** How many bits a whole number may have besides its sign. */
        private final int bits;

        Kind(String key, String noun, int bits) {
            this.key = key;
            this.noun = noun;
            this.bits = bits;
        }

        static Optional<Kind> of(String key) {
            return Arrays.stream(values()).filter(kind -> kind.key.equals(key)).findFirst();
        }

        boolean isWhole() {
            return compareTo(BYTE) >= 0 && compareTo(INTEGER) <= 0;
        }

        boolean isNumber() {
            return compareTo(BYTE) >= 0;
        }
    }

    Scalar(Kind kind) {
        this(kind, "");
    }

    @Override
    public JsonNode json() {
        return format.isEmpty()
                ? TextNode.valueOf(kind.key)
                : JsonContext.empty().put(kind.key, format);
    }

    @Override
    public void check(JsonNode value, String path, Mismatches mismatches) {
        if (!fits(value)) {
            mismatches.expected(noun(), value, path);
        }
    }

    private boolean fits(JsonNode value) {
        return switch (kind) {
            case TEXT -> value.isTextual();
            case BOOLEAN -> value.isBoolean() || isBlank(value);
            case BYTE, SHORT, INT, LONG, INTEGER ->
                value.isIntegralNumber() ? hasRoom(value.bigIntegerValue()) : isBlank(value);
            // Whether the type can represent the number exactly is decided when it is read, because not every reader
            // checks it.
            case FLOAT, DOUBLE -> value.isNumber() || isNotFinite(value) || isBlank(value);
            case DECIMAL -> value.isNumber() || isBlank(value);
        };
    }

    /** Jackson reads a blank text as null. */
    private static boolean isBlank(JsonNode value) {
        return value.isTextual()
                && !value.textValue().isEmpty()
                && value.textValue().isBlank();
    }

    private boolean hasRoom(BigInteger value) {
        // Within a sealed type, Jackson accepts an unsigned byte, too.
        return value.bitLength() <= kind.bits || (kind == Kind.BYTE && value.signum() > 0 && value.bitLength() == 8);
    }

    /** Texts that represent the numbers which JSON does not have. */
    private static boolean isNotFinite(JsonNode value) {
        return value.isTextual()
                && Set.of("NaN", "Infinity", "-Infinity", "INF", "-INF").contains(value.textValue());
    }

    @Override
    public @Nullable String whyNot(Form written, String path) {
        boolean fits = written instanceof Scalar of
                ? takes(of)
                : written instanceof Labels && kind == Kind.TEXT && format.isEmpty();
        return fits ? null : Form.differs(this, written, path);
    }

    private boolean takes(Scalar written) {
        if (!kind.isNumber() || !written.kind.isNumber()) {
            return kind == written.kind && takesText(written.format);
        }
        return written.kind.bits <= kind.bits && (written.kind.isWhole() || !kind.isWhole());
    }

    private boolean takesText(String written) {
        return format.isEmpty()
                || format.equals(written)
                || (POINTS_IN_TIME.contains(format) && POINTS_IN_TIME.contains(written));
    }

    @Override
    public String noun() {
        return format.isEmpty() ? kind.noun : "the text of a value of type " + format;
    }

    @Override
    public String toString() {
        return format.isEmpty() ? kind.key : format;
    }
}
