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
    /** Deeper values are most probably circles; copying one would not end. */
    private static final int MAX_DEPTH = 100;

    /** As many as a number may have that is read from JSON. */
    private static final int MAX_DIGITS = 1_000;

    private static final int MAX_EXPONENT = 100_000;

    private JsonValue() {}

    /**
     * An immutable copy.
     *
     * @throws CloacinaException if it is not a JSON value
     */
    static Object frozen(Object value) {
        return new Copying().copy(value, 1);
    }

    /** One copy; counts what it has. */
    private static final class Copying {
        private int count;

        private Object copy(Object value, int depth) {
            if (depth > MAX_DEPTH) {
                throw Arguments.invalid("a value that a rule compares with is nested more than " + MAX_DEPTH
                        + " levels deep; does it contain itself?");
            }
            if (++count > Arguments.MAX_ELEMENTS) {
                throw Arguments.invalid(
                        "a value that a rule compares with has more than " + Arguments.MAX_ELEMENTS + " parts");
            }
            if (value instanceof String text) {
                return unicode(text);
            }
            if (value instanceof Boolean || isNumber(value)) {
                return value;
            }
            if (value instanceof List<?> list) {
                List<@Nullable Object> copy = new ArrayList<>();
                list.forEach(element -> copy.add(element == null ? null : copy(element, depth + 1)));
                return Collections.unmodifiableList(copy);
            }
            if (value instanceof Map<?, ?> map) {
                Map<String, @Nullable Object> copy = new TreeMap<>();
                map.forEach((key, element) -> {
                    if (!(key instanceof String name)) {
                        throw Arguments.invalid("the key " + key + " of a map is not a text, so it cannot be JSON");
                    }
                    copy.put(unicode(name), element == null ? null : copy(element, depth + 1));
                });
                return Collections.unmodifiableMap(copy);
            }
            throw Arguments.invalid("a rule can compare only with a text, a finite number, a boolean, a list or a map"
                    + " with text keys, not with a " + value.getClass().getName());
        }
    }

    private static String unicode(String text) {
        return Arguments.unicode(Arguments.INVALID, "the text " + Names.quoted(text), text);
    }

    private static boolean isNumber(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return Double.isFinite(((Number) value).doubleValue());
        }
        if (value instanceof BigInteger number) {
            return isShort(number);
        }
        if (value instanceof BigDecimal number) {
            return isShort(number.unscaledValue()) && Math.abs((long) number.scale()) <= MAX_EXPONENT;
        }
        // Not any Number: an AtomicLong changes.
        return value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte;
    }

    private static boolean isShort(BigInteger number) {
        // Ten bits are a little more than three digits.
        if (number.bitLength() <= MAX_DIGITS / 3 * 10) {
            return true;
        }
        throw Arguments.invalid("a number that a rule compares with has more than " + MAX_DIGITS + " digits");
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
