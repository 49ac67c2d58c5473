package io.cloacina.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The short way of {@link JsonMapping} for what most contexts are made of: texts, numbers, truth values, and the JDK's own lists and
 * maps of them. It makes the same tree as writing the value and reading what was written, and declines whatever is unusual.
 */
final class PlainValues {
    private static final int MAX_DEPTH = 50;
    private static final int MAX_NODES = 10_000;
    private static final int MAX_BITS = 1_000;
    private static final int MAX_SCALE = 100_000;

    private int nodes;

    private PlainValues() {}

    /** The tree of a value; null if it is not a plain one. */
    static @Nullable JsonNode tree(@Nullable Object value) {
        if (!isContainer(value)) {
            return simple(value);
        }
        try {
            return new PlainValues().container(value, 0);
        } catch (RuntimeException e) { // the edge of user code: whoever changes the list meanwhile is told the long way
            return null;
        }
    }

    private static boolean isContainer(@Nullable Object value) {
        // Others may say by annotations how they are written.
        return (value instanceof Collection || value instanceof Map)
                && value.getClass().getName().startsWith("java.util.");
    }

    private @Nullable JsonNode container(Object value, int depth) {
        if (depth == MAX_DEPTH) {
            return null;
        }
        if (value instanceof Map<?, ?> map) {
            return object(map, depth);
        }
        return value instanceof List<?> || value instanceof Set<?> ? array((Collection<?>) value, depth) : null;
    }

    private @Nullable JsonNode array(Collection<?> values, int depth) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (Object each : values) {
            JsonNode node = element(each, depth);
            if (node == null) {
                return null;
            }
            array.add(node);
        }
        return array;
    }

    private @Nullable JsonNode object(Map<?, ?> values, int depth) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<?, ?> each : values.entrySet()) {
            if (!(each.getKey() instanceof String key) || !isUnicode(key)) {
                return null;
            }
            JsonNode node = element(each.getValue(), depth);
            if (node == null) {
                return null;
            }
            object.set(key, node);
        }
        return object;
    }

    private @Nullable JsonNode element(@Nullable Object value, int depth) {
        if (++nodes > MAX_NODES) {
            return null;
        }
        return value != null && isContainer(value) ? container(value, depth + 1) : simple(value);
    }

    private static @Nullable JsonNode simple(@Nullable Object value) {
        if (value instanceof String text) {
            return isUnicode(text) ? TextNode.valueOf(text) : null;
        }
        if (value instanceof Integer number) {
            return IntNode.valueOf(number);
        }
        if (value instanceof Long number) {
            return integer(number);
        }
        if (value instanceof Boolean truth) {
            return BooleanNode.valueOf(truth);
        }
        if (value == null) {
            return NullNode.getInstance();
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? DecimalNode.valueOf(new BigDecimal(number.toString())) : null;
        }
        return value instanceof Number number ? rare(number) : null;
    }

    private static @Nullable JsonNode rare(Number value) {
        if (value instanceof Short || value instanceof Byte) {
            return IntNode.valueOf(value.intValue());
        }
        if (value instanceof Float number) {
            return Float.isFinite(number) ? DecimalNode.valueOf(new BigDecimal(number.toString())) : null;
        }
        if (value.getClass() == BigInteger.class) {
            return integer((BigInteger) value);
        }
        if (value.getClass() == BigDecimal.class) {
            BigDecimal decimal = (BigDecimal) value;
            if (decimal.scale() == 0) {
                // It is written without a point.
                return integer(decimal.unscaledValue());
            }
            return Math.abs((long) decimal.scale()) > MAX_SCALE || decimal.unscaledValue().bitLength() > MAX_BITS
                    ? null
                    : DecimalNode.valueOf(decimal);
        }
        return null;
    }

    private static JsonNode integer(long value) {
        return value == (int) value ? IntNode.valueOf((int) value) : LongNode.valueOf(value);
    }

    private static @Nullable JsonNode integer(BigInteger value) {
        int bits = value.bitLength();
        if (bits < Long.SIZE) {
            return integer(value.longValue());
        }
        return bits > MAX_BITS ? null : BigIntegerNode.valueOf(value);
    }

    /** Whether no half of a surrogate pair stands alone. */
    static boolean isUnicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) {
                continue;
            }
            if (i + 1 == text.length() || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
                return false;
            }
            i++;
        }
        return true;
    }
}
