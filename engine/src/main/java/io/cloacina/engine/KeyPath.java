package io.cloacina.engine;

import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where in a value something is: {@code .items[3].price}. */
final class KeyPath {
    private static final int MAX_LENGTH = 100;

    private KeyPath() {}

    static String of(List<JsonMappingException.Reference> references) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : references) {
            add(path, reference.getFieldName(), reference.getIndex());
        }
        return path.toString();
    }

    /** Where a parser is. */
    static String of(@Nullable JsonStreamContext context) {
        if (context == null || context.inRoot()) {
            return "";
        }
        StringBuilder path = new StringBuilder(of(context.getParent()));
        add(path, context.getCurrentName(), context.hasCurrentIndex() ? context.getCurrentIndex() : -1);
        return path.toString();
    }

    /** To the first text or key that is not Unicode; nothing if all are. */
    static Optional<String> toUnpairedSurrogate(JsonNode tree) {
        return toUnpairedSurrogate(tree, "");
    }

    private static Optional<String> toUnpairedSurrogate(JsonNode tree, String path) {
        if (tree.isTextual()) {
            return PlainValues.isUnicode(tree.textValue()) ? Optional.empty() : Optional.of(path);
        }
        if (tree instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                Optional<String> found = toUnpairedSurrogate(array.get(i), with(path, null, i));
                if (found.isPresent()) {
                    return found;
                }
            }
            return Optional.empty();
        }
        for (Map.Entry<String, JsonNode> each : tree.properties()) {
            String to = with(path, each.getKey(), -1);
            Optional<String> found = PlainValues.isUnicode(each.getKey())
                    ? toUnpairedSurrogate(each.getValue(), to)
                    : Optional.of(to);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static String with(String path, @Nullable String key, int index) {
        StringBuilder longer = new StringBuilder(path);
        add(longer, key, index);
        return longer.toString();
    }

    private static void add(StringBuilder path, @Nullable String key, int index) {
        if (path.length() > MAX_LENGTH) {
            return;
        }
        if (key != null) {
            path.append('.').append(ErrorText.shown(key));
        } else if (index >= 0) {
            path.append('[').append(index).append(']');
        }
        if (path.length() > MAX_LENGTH) {
            path.append('…');
        }
    }
}
