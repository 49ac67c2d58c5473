package io.cloacina.schema.copy;

import io.cloacina.schema.type.UniversalBinary;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * Orders primary keys as both databases do: in the order of their types, and texts by code point (a String compares
 * UTF-16 units).
 */
enum KeyOrder implements Comparator<Object> {
    INSTANCE;

    @Override
    @SuppressWarnings("unchecked") // every type of a column is ordered, and both are of the same one
    public int compare(Object left, Object right) {
        if (left instanceof String text && right instanceof String other) {
            return utf8(text).compareTo(utf8(other));
        }
        return ((Comparable<Object>) left).compareTo(right);
    }

    private static UniversalBinary utf8(String text) {
        return UniversalBinary.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
