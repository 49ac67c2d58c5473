package io.cloacina.server.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and prints JSON. Numbers keep their digits. */
public final class Json {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private Json() {}

    /**
     * Parses an object that a user gave.
     *
     * @param where names it in errors, such as {@code --input}
     */
    public static Map<String, Object> object(String text, String where) {
        JsonNode node = node(text, where);
        if (!(node instanceof ObjectNode object)) {
            throw new CloacinaException(
                    ErrorCodes.NOT_JSON,
                    where + " must be a JSON object, such as '{\"order\": 42}'; it is of type "
                            + node.getNodeType().toString().toLowerCase(Locale.ROOT));
        }
        return JSON.convertValue(object, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    /** Parses a value that a user gave; null if there is none, and for the null of JSON. */
    public static @Nullable Object value(@Nullable String text, String where) {
        return text == null ? null : JSON.convertValue(node(text, where), Object.class);
    }

    private static JsonNode node(String text, String where) {
        try {
            JsonNode node = JSON.readTree(text);
            if (!node.isMissingNode()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new CloacinaException(
                    ErrorCodes.NOT_JSON,
                    where + " is not JSON: " + e.getOriginalMessage()
                            + (e.getLocation() == null
                                    ? ""
                                    : " (line " + e.getLocation().getLineNr() + ", column "
                                            + e.getLocation().getColumnNr() + ")"),
                    e);
        }
        throw new CloacinaException(ErrorCodes.NOT_JSON, where + " is empty, which is not JSON");
    }

    /** JSON that the engine has written. */
    public static JsonNode stored(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode of(Map<String, ?> values) {
        return JSON.valueToTree(values);
    }

    /** A new object without fields. */
    public static ObjectNode fields() {
        return JSON.createObjectNode();
    }

    public static <T> ArrayNode array(List<T> all, Function<T, JsonNode> each) {
        ArrayNode array = JSON.createArrayNode();
        all.forEach(one -> array.add(each.apply(one)));
        return array;
    }

    public static String indented(JsonNode node) {
        return node.toPrettyString();
    }
}
