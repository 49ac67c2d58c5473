package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON body of a delivery, from which the input of an execution is created. Numbers keep their digits. */
public final class HookBody {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode root;

    private HookBody(JsonNode root) {
        this.root = root;
    }

    /**
     * Reads a body.
     *
     * @throws CloacinaException if it is not JSON
     */
    public static HookBody of(byte[] body) {
        try {
            JsonNode root = JSON.readTree(body);
            if (!root.isMissingNode()) {
                return new HookBody(root);
            }
        } catch (JsonProcessingException e) {
            throw new CloacinaException(
                    ErrorCodes.HOOK_DELIVERY,
                    "the body of the delivery is not JSON: " + e.getOriginalMessage()
                            + "; let the sender send application/json",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot happen: the bytes are in memory
        }
        throw new CloacinaException(ErrorCodes.HOOK_DELIVERY, "the body of the delivery is empty: it must be JSON");
    }

    /** The input: for each name the value at its pointer. Names whose pointer finds nothing are left out. */
    public Map<String, @Nullable Object> input(Map<String, String> pointers) {
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        pointers.forEach((name, pointer) -> {
            JsonNode found = root.at(pointer);
            if (!found.isMissingNode()) {
                input.put(name, JsonContext.plain(found));
            }
        });
        return input;
    }

    /** The text at a pointer; empty if there is none. */
    public Optional<String> text(String pointer) {
        return Optional.ofNullable(root.at(pointer).textValue());
    }

    /** The pointers of a hook, as they are stored. */
    public static String stored(Map<String, String> pointers) {
        ObjectNode stored = JsonContext.empty();
        pointers.forEach(stored::put);
        return stored.toString();
    }

    /** As {@link #stored} wrote them. */
    public static Map<String, String> pointers(String stored) {
        Map<String, String> pointers = new LinkedHashMap<>();
        JsonContext.parse(stored, "a hook")
                .properties()
                .forEach(each -> pointers.put(each.getKey(), each.getValue().asText()));
        return pointers;
    }
}
