package io.cloacina.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Java values that are JSON as they are, without a library that converts them. */
final class JsonValue {
    private JsonValue() {}

    /**
     * An immutable copy.
     *
     * @throws IllegalArgumentException if it is no JSON value
     */
    static Object frozen(Object value) {
        if (value instanceof String text) {
            Names.unpairedSurrogate(text).ifPresent(at -> {
                throw new IllegalArgumentException("the text " + Names.quoted(text)
                        + " has half of a surrogate pair at " + at + ": it is not Unicode");
            });
            return text;
        }
        if (value instanceof Boolean || isNumber(value)) {
            return value;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(element == null ? null : frozen(element)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new TreeMap<>();
            map.forEach((key, element) -> {
                if (!(key instanceof String name)) {
                    throw new IllegalArgumentException("the key " + key + " of a map is no text, so it cannot be JSON");
                }
                frozen(name);
                copy.put(name, element == null ? null : frozen(element));
            });
            return Collections.unmodifiableMap(copy);
        }
        throw new IllegalArgumentException(
                "a rule compares with a text, a finite number, a boolean, a list or a map with text"
                        + " keys, not with " + value + " of " + value.getClass().getName());
    }

    private static boolean isNumber(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return Double.isFinite(((Number) value).doubleValue());
        }
        // Not any Number: an AtomicLong changes.
        return value instanceof Integer
                || value instanceof Long
                || value instanceof Short
                || value instanceof Byte
                || value instanceof BigInteger
                || value instanceof BigDecimal;
    }

    /** Writes a frozen value; values that are equal as JSON give the same text, so numbers are normalised. */
    static void write(@Nullable Object value, StringBuilder to) {
        if (value instanceof String text) {
            writeText(text, to);
        } else if (value instanceof List<?> list) {
            to.append('[');
            list.forEach(element -> {
                write(element, to);
                to.append(',');
            });
            to.append(']');
        } else if (value instanceof Map<?, ?> map) {
            to.append('{');
            map.forEach((key, element) -> {
                write(key, to);
                to.append(':');
                write(element, to);
                to.append(',');
            });
            to.append('}');
        } else if (value instanceof Number number) {
            to.append(new BigDecimal(number.toString()).stripTrailingZeros());
        } else {
            to.append(value);
        }
    }

    private static void writeText(String text, StringBuilder to) {
        to.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (Character.isISOControl(c)) {
                to.append(Names.escaped(c));
            } else {
                to.append(c);
            }
        }
        to.append('"');
    }
}
