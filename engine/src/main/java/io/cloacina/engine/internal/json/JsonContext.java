package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.TypeOf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON data of executions, and other JSON in the tables. A patch is an object whose keys replace those of another object;
 * null removes a key. {@link JsonMapping} defines how values become JSON.
 */
public final class JsonContext implements Context {
    private static final String NOT_WRITTEN = "no task has written it so far, and the input does not have it";

    private final JsonMapping json;
    private final ObjectNode values;
    private final String where;

    public JsonContext(JsonMapping json, ObjectNode values, String where) {
        this.json = json;
        this.values = values;
        this.where = where;
    }

    public static ObjectNode empty() {
        return JsonNodeFactory.instance.objectNode();
    }

    public static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** A JSON array of two texts, which is an element of an array of pairs. */
    public static String pair(String first, String second) {
        return array().add(first).add(second).toString();
    }

    public static String names(Collection<String> names) {
        ArrayNode array = array();
        names.forEach(array::add);
        return array.toString();
    }

    /** The pairs of texts of a stored array. */
    public static List<Map.Entry<String, String>> pairs(String json) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        parseArray(json, "a list of pairs")
                .forEach(each ->
                        pairs.add(Map.entry(each.path(0).asText(), each.path(1).asText())));
        return pairs;
    }

    /** The texts of a stored array; empty if nothing is stored. */
    public static List<String> texts(@Nullable String json) {
        List<String> texts = new ArrayList<>();
        if (json != null) {
            parseArray(json, "a list of names").forEach(each -> texts.add(each.asText()));
        }
        return List.copyOf(texts);
    }

    /** Reads a stored object. The error for damaged JSON says where it was stored. */
    public static ObjectNode parse(String json, String where) {
        if (JsonMapping.parse(json, "the stored context of " + where) instanceof ObjectNode object) {
            return object;
        }
        throw new CloacinaException(
                ErrorCodes.DAMAGED_CONTEXT, "the stored context of " + where + " is not a JSON object");
    }

    /** A value that a rule compares with. */
    public static JsonNode node(String key, @Nullable Object value) {
        return JsonMapping.PLAIN.tree(key, value, "a trigger rule", Integer.MAX_VALUE);
    }

    /**
     * A value that the application gave, as it will be read later.
     *
     * @param key the key under which it is given; empty if the value is all of {@code where}
     * @throws CloacinaException if it cannot be JSON that can be read again, or is too large
     */
    public static JsonNode node(JsonMapping json, String key, @Nullable Object value, String where, int maxBytes) {
        return json.tree(key, value, where, maxBytes);
    }

    /** As {@link #node(JsonMapping, String, Object, String, int)}, for several keys. */
    public static ObjectNode object(JsonMapping json, Map<?, ?> values, String where, int maxBytes) {
        ObjectNode object = empty();
        try {
            for (Map.Entry<?, ?> each : values.entrySet()) {
                String key = requireKey(each.getKey(), where);
                object.set(key, node(json, key, each.getValue(), where, maxBytes));
            }
        } catch (CloacinaException e) {
            throw e;
        } catch (RuntimeException e) { // the edge of user code: the application may change the map meanwhile
            throw new CloacinaException(ErrorCodes.NOT_JSON, where + " cannot be JSON: " + ErrorText.message(e), e);
        }
        return object;
    }

    /** A value in classes of the JDK: texts, numbers, booleans, lists and maps. */
    public static @Nullable Object plain(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue();
        } else if (node.isNumber()) {
            return node.numberValue();
        } else if (node.isBoolean()) {
            return node.booleanValue();
        } else if (node.isArray()) {
            List<@Nullable Object> all = new ArrayList<>();
            node.forEach(each -> all.add(plain(each)));
            return all;
        } else if (node.isObject()) {
            Map<String, @Nullable Object> all = new LinkedHashMap<>();
            node.properties().forEach(each -> all.put(each.getKey(), plain(each.getValue())));
            return all;
        }
        return null;
    }

    /**
     * Checks a key that the application gave.
     *
     * @throws CloacinaException if it is not a text, which is possible by an unchecked cast, or not Unicode
     */
    public static String requireKey(@Nullable Object key, String where) {
        if (!(key instanceof String text)) {
            throw new CloacinaException(
                    ErrorCodes.NOT_JSON,
                    "a key in " + where + " is not a text but "
                            + (key == null ? "null" : "of " + key.getClass().getName()));
        }
        if (!JsonMapping.isUnicode(text)) {
            throw new CloacinaException(
                    ErrorCodes.NOT_JSON,
                    "the key '" + ErrorText.shown(text) + "' in " + where + " cannot be JSON: "
                            + JsonMapping.HALF_A_PAIR);
        }
        return text;
    }

    /** The text to store, or null for an empty object. */
    public static @Nullable String stored(ObjectNode object, String where, int maxBytes) {
        if (object.isEmpty()) {
            return null;
        }
        return withinLimit(JsonMapping.text(object, where), where, maxBytes);
    }

    private static String withinLimit(String text, String where, int maxBytes) {
        // A character has at most three bytes, so the bytes of a short text need not be counted.
        if (text.length() > maxBytes / 3) {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > maxBytes) {
                throw new CloacinaException(
                        ErrorCodes.CONTEXT_TOO_LARGE,
                        where + " has " + bytes + " bytes as JSON, and at most " + maxBytes + " are allowed: "
                                + JsonMapping.TOO_LARGE);
            }
        }
        return text;
    }

    /** JSON as text that both databases can store. */
    public static String text(ObjectNode object, String where) {
        String text = JsonMapping.text(object, where);
        if (!JsonMapping.isUnicode(text)) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_TEXT, "a text in " + where + " has half of a surrogate pair: it is not Unicode");
        }
        return text;
    }

    public static void apply(ObjectNode patch, ObjectNode onto) {
        patch.properties().forEach(change -> set(onto, change.getKey(), change.getValue()));
    }

    static void set(ObjectNode onto, String key, JsonNode value) {
        if (value.isNull()) {
            onto.remove(key);
        } else {
            onto.set(key, value);
        }
    }

    @Override
    public <T> Optional<T> find(String key, Class<T> type) {
        return read(json, values.get(Arguments.given("the key", key)), key, type, where);
    }

    @Override
    public <T> Optional<T> find(String key, TypeOf<T> type) {
        return read(json, values.get(Arguments.given("the key", key)), key, type, where);
    }

    @Override
    public <T> T get(String key, Class<T> type) {
        return find(key, type).orElseThrow(() -> absent(key, where, NOT_WRITTEN, values));
    }

    @Override
    public <T> T get(String key, TypeOf<T> type) {
        return find(key, type).orElseThrow(() -> absent(key, where, NOT_WRITTEN, values));
    }

    @Override
    public String json() {
        return JsonMapping.text(values, where);
    }

    /** A value as a Java type; empty if it is absent or null. */
    public static <T> Optional<T> read(
            JsonMapping json, @Nullable JsonNode value, String key, Class<T> type, String where) {
        Arguments.given("the type", type);
        return value == null || value.isNull()
                ? Optional.empty()
                : Optional.ofNullable(json.read(value, key, type, where));
    }

    /** As {@link #read(JsonMapping, JsonNode, String, Class, String)}. */
    public static <T> Optional<T> read(
            JsonMapping json, @Nullable JsonNode value, String key, TypeOf<T> type, String where) {
        Arguments.given("the type", type);
        return value == null || value.isNull()
                ? Optional.empty()
                : Optional.ofNullable(json.read(value, key, type.type(), where));
    }

    /** Reads a stored value. The error for damaged JSON says where it was stored. */
    public static JsonNode tree(String json, String where) {
        return JsonMapping.parse(json, "what is stored for " + where);
    }

    /** Reads a stored array. */
    public static ArrayNode parseArray(String json, String where) {
        if (tree(json, where) instanceof ArrayNode array) {
            return array;
        }
        throw new CloacinaException(ErrorCodes.DAMAGED_CONTEXT, "what is stored for " + where + " is not a JSON array");
    }

    /** A value that is sent, as text that both databases can store; null if the value is null. */
    public static @Nullable String sent(JsonMapping json, @Nullable Object value, String what, int maxBytes) {
        JsonNode node = node(json, "", value, what, maxBytes);
        if (node.isNull()) {
            return null;
        }
        return withinLimit(JsonMapping.text(node, what), what, maxBytes);
    }

    /**
     * The error for a key without a value.
     *
     * @param why why it is absent, or what must write it
     * @param values those that are there, one of which may be meant
     */
    public static CloacinaException absent(String key, String where, String why, ObjectNode values) {
        List<String> others = new ArrayList<>();
        values.fieldNames().forEachRemaining(others::add);
        others.remove(key); // its value is null
        return new CloacinaException(
                ErrorCodes.MISSING_VALUE,
                "there is no " + Arguments.shown(key) + " in " + where + "; " + why + Arguments.meant(key, others));
    }
}
