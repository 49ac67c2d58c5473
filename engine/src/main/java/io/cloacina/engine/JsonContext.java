package io.cloacina.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.TypeOf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON as Java values. A patch is an object whose keys replace those of another; null removes a key. */
final class JsonContext implements Context {
    /** Decimals keep their digits, instants are ISO-8601 texts, and a value of a sealed type says which of them it is. */
    private static volatile ObjectMapper mapper = mapper();

    private static ObjectMapper mapper() {
        LookupCache<Object, JavaType> types = new LRUMap<>(16, 200);
        // What was small enough to be written can be read, however long a key of it is.
        StreamReadConstraints ofStored =
                StreamReadConstraints.builder().maxNameLength(Integer.MAX_VALUE).build();
        return JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(ofStored).build())
                // Of its own: what it knows of types goes with it.
                .typeFactory(TypeFactory.defaultInstance().withCache(types))
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
                .addModule(new JavaTimeModule())
                .addModule(new Jdk8Module())
                .addModule(SealedTypes.module())
                .build();
    }

    /** Forgets all that is known of classes: some of them are to go. */
    static void forgetTypes() {
        mapper = mapper();
        // Parts of Jackson use the one of all mappers.
        TypeFactory.defaultInstance().clearCache();
    }

    private final ObjectNode values;
    private final String where;

    JsonContext(ObjectNode values, String where) {
        this.values = values;
        this.where = where;
    }

    static ObjectNode empty() {
        return mapper.createObjectNode();
    }

    static ArrayNode array() {
        return mapper.createArrayNode();
    }

    /** Two texts as they stand in a JSON array of pairs. */
    static String pair(String first, String second) {
        return array().add(first).add(second).toString();
    }

    static String names(Collection<String> names) {
        ArrayNode array = array();
        names.forEach(array::add);
        return array.toString();
    }

    /** The pairs of texts of a stored array. */
    static List<Map.Entry<String, String>> pairs(String json) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        parseArray(json, "a list of pairs")
                .forEach(each ->
                        pairs.add(Map.entry(each.path(0).asText(), each.path(1).asText())));
        return pairs;
    }

    /** The texts of a stored array; none if nothing is stored. */
    static List<String> texts(@Nullable String json) {
        List<String> texts = new ArrayList<>();
        if (json != null) {
            parseArray(json, "a list of names").forEach(each -> texts.add(each.asText()));
        }
        return List.copyOf(texts);
    }

    /** Reads a stored object; a damaged one is an error that says where it is. */
    static ObjectNode parse(String json, String where) {
        try {
            if (mapper.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new CloacinaException(
                    "DAMAGED_CONTEXT", "the stored context of " + where + " is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new CloacinaException("DAMAGED_CONTEXT", "the stored context of " + where + " is not a JSON object");
    }

    static JsonNode node(String key, @Nullable Object value) {
        try {
            return mapper.valueToTree(value);
        } catch (IllegalArgumentException e) {
            throw new CloacinaException(
                    "NOT_JSON", "the value of " + Arguments.shown(key) + " cannot be JSON: " + e.getMessage(), e);
        } catch (StackOverflowError e) { // the edge of user code: its value has itself in it
            throw new CloacinaException(
                    "NOT_JSON", "the value of " + Arguments.shown(key) + " has itself in it, or is nested too deeply");
        }
    }

    static ObjectNode object(Map<String, ?> values) {
        ObjectNode object = empty();
        values.forEach((key, value) -> {
            if (key == null) {
                throw new CloacinaException("NOT_JSON", "a key is null, which cannot be JSON");
            }
            object.set(key, node(key, value));
        });
        return object;
    }

    /** The text to store, or null for an empty object. */
    static @Nullable String stored(ObjectNode object, String where, int maxBytes) {
        if (object.isEmpty()) {
            return null;
        }
        String text = text(object, where);
        // Three bytes for a character at most: a short text needs no exact look.
        if (text.length() > maxBytes / 3) {
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > maxBytes) {
                throw new CloacinaException(
                        "CONTEXT_TOO_LARGE",
                        where + " has " + bytes + " bytes as JSON, and at most " + maxBytes
                                + " are allowed: store large data elsewhere and pass on where it is, or raise"
                                + " maxContextBytes where the engine is built");
            }
        }
        return text;
    }

    /** JSON as text that both databases can store. */
    static String text(ObjectNode object, String where) {
        String text = object.toString();
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                    throw new CloacinaException(
                            "INVALID_TEXT", "a text in " + where + " has half of a surrogate pair: it is not Unicode");
                }
                return text;
            }
        }
        return text;
    }

    static void apply(ObjectNode patch, ObjectNode onto) {
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
        return read(values.get(Arguments.given("the key", key)), key, type, where);
    }

    @Override
    public <T> Optional<T> find(String key, TypeOf<T> type) {
        return read(values.get(Arguments.given("the key", key)), key, type, where);
    }

    @Override
    public <T> T get(String key, Class<T> type) {
        return find(key, type).orElseThrow(() -> absent(key, where));
    }

    @Override
    public <T> T get(String key, TypeOf<T> type) {
        return find(key, type).orElseThrow(() -> absent(key, where));
    }

    @Override
    public String json() {
        return values.toString();
    }

    /** A value as Java sees it; a part of JSON itself is copied, so that nobody can change what others see. */
    static <T> Optional<T> read(@Nullable JsonNode value, String key, Class<T> type, String where) {
        Arguments.given("the type", type);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    mapper.treeToValue(JsonNode.class.isAssignableFrom(type) ? value.deepCopy() : value, type));
        } catch (JsonProcessingException | IllegalArgumentException e) { // such as NaN as a BigDecimal
            throw wrongType(key, where, type.getSimpleName(), e);
        }
    }

    /** As {@link #read(JsonNode, String, Class, String)}. */
    static <T> Optional<T> read(@Nullable JsonNode value, String key, TypeOf<T> type, String where) {
        Arguments.given("the type", type);
        if (value == null || value.isNull()) {
            return Optional.empty();
        }
        try {
            JavaType its = mapper.constructType(type.type());
            T read = mapper.readerFor(its).readValue(value);
            return Optional.ofNullable(read);
        } catch (IOException | IllegalArgumentException e) {
            throw wrongType(key, where, type.toString(), e);
        }
    }

    private static CloacinaException wrongType(String key, String where, String type, Exception e) {
        String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new CloacinaException(
                "WRONG_TYPE",
                "the value of " + Arguments.shown(key) + " in " + where + " is no " + type + ": " + why,
                e);
    }

    /** Reads a stored value; a damaged one is an error that says where it is. */
    static JsonNode tree(String json, String where) {
        try {
            return mapper.readTree(json);
        } catch (JsonProcessingException e) {
            throw new CloacinaException(
                    "DAMAGED_CONTEXT", "what is stored for " + where + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Reads a stored array. */
    static ArrayNode parseArray(String json, String where) {
        if (tree(json, where) instanceof ArrayNode array) {
            return array;
        }
        throw new CloacinaException("DAMAGED_CONTEXT", "what is stored for " + where + " is not a JSON array");
    }

    /** A value that is sent, as text that both databases can store; null for nothing. */
    static @Nullable String sent(@Nullable Object value, String what, int maxBytes) {
        JsonNode node = node(what, value);
        if (node.isNull() || node.isMissingNode()) {
            return null;
        }
        ObjectNode wrapped = empty();
        wrapped.set("", node);
        stored(wrapped, what, maxBytes);
        return node.toString();
    }

    static CloacinaException absent(String key, String where) {
        return new CloacinaException(
                "MISSING_VALUE",
                "there is no " + Arguments.shown(key) + " in " + where
                        + "; a task before it, or the input, must write it");
    }
}
