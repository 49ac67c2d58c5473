package io.cloacina.schema.type;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.HexFormat;
import java.util.function.BiConsumer;

/**
 * How values of a type are written in the text of an array, as PostgreSQL reads it.
 *
 * @param type the type of the elements as SQL names it, such as {@code uuid}
 * @param append appends a value as an element; throws {@link InvalidValueException} for one that the type refuses
 */
public record ElementForm<T>(String type, BiConsumer<StringBuilder, T> append) {
    /** Checks that nothing is null. */
    public ElementForm {
        ArgumentChecks.given("the type", type);
        ArgumentChecks.given("what appends a value", append);
    }

    /** Appends a text, with the special characters of array texts escaped. */
    static void appendText(StringBuilder array, String text) {
        array.append('"');
        if (text.indexOf('"') < 0 && text.indexOf('\\') < 0) {
            array.append(text);
        } else {
            for (int i = 0; i < text.length(); i++) {
                char next = text.charAt(i);
                if (next == '"' || next == '\\') {
                    array.append('\\');
                }
                array.append(next);
            }
        }
        array.append('"');
    }

    static void appendBytes(StringBuilder array, byte[] bytes) {
        HexFormat.of().formatHex(array.append("\"\\\\x"), bytes);
        array.append('"');
    }

    /** Appends a UUID without hyphens, and without creating a text. */
    static void appendUuid(StringBuilder array, java.util.UUID uuid) {
        appendHex(array, uuid.getMostSignificantBits());
        appendHex(array, uuid.getLeastSignificantBits());
    }

    private static void appendHex(StringBuilder array, long bits) {
        for (int shift = Long.SIZE - 4; shift >= 0; shift -= 4) {
            array.append(Character.forDigit((int) (bits >>> shift) & 0xf, 16));
        }
    }
}
