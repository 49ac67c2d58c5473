package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Reads a stored {@link Form}. A form with any part that this version does not know becomes {@link Form.Any}, because it may
 * accept more.
 */
final class StoredForm {
    /** More than is ever stored. */
    private static final int MAX_DEPTH = 3 * Shapes.MAX_DEPTH;

    private StoredForm() {}

    static Form of(JsonNode json) {
        return of(json, 0);
    }

    private static Form of(JsonNode json, int depth) {
        if (depth > MAX_DEPTH) {
            return new Form.Any();
        }
        if (json.isTextual()) {
            return Scalar.Kind.of(json.textValue()).<Form>map(Scalar::new).orElseGet(Form.Any::new);
        }
        Set<String> keys = new HashSet<>();
        json.fieldNames().forEachRemaining(keys::add);
        if (keys.equals(Set.of("text")) && json.get("text").isTextual()) {
            return new Scalar(Scalar.Kind.TEXT, json.get("text").textValue());
        }
        if (keys.equals(Set.of("notNull"))) {
            return new Form.NotNull(of(json.get("notNull"), depth + 1));
        }
        if (keys.equals(Set.of("list"))) {
            return new Form.Items(of(json.get("list"), depth + 1));
        }
        if (keys.equals(Set.of("map"))) {
            return new Form.Entries(of(json.get("map"), depth + 1));
        }
        if (keys.equals(Set.of("enum")) && areTexts(json.get("enum"))) {
            return new Form.Labels(texts(json.get("enum")));
        }
        if (json.path("object").isObject() && isFields(json, keys)) {
            return fields(json, depth);
        }
        if (json.path("oneOf").isObject() && isOneOf(json, keys)) {
            Map<String, Form> types = forms(json.get("oneOf"), depth);
            return new OneOf(
                    types, json.get("by").textValue(), json.path("otherwise").asText());
        }
        return new Form.Any();
    }

    private static boolean isFields(JsonNode json, Set<String> keys) {
        return Set.of("object", "required", "aliases", "ignored", "open").containsAll(keys)
                && areTexts(json.path("required"))
                && areTexts(json.path("aliases"))
                && areTexts(json.path("ignored"));
    }

    private static boolean isOneOf(JsonNode json, Set<String> keys) {
        return Set.of("oneOf", "by", "otherwise").containsAll(keys)
                && json.path("by").isTextual()
                && (!json.has("otherwise")
                        || json.get("oneOf").has(json.get("otherwise").asText()));
    }

    private static Fields fields(JsonNode json, int depth) {
        Set<String> required = Set.copyOf(texts(json.path("required")));
        Map<String, Fields.Field> all = new LinkedHashMap<>();
        forms(json.get("object"), depth)
                .forEach((name, form) -> all.put(name, new Fields.Field(form, required.contains(name))));
        Map<String, String> aliases = new LinkedHashMap<>();
        json.path("aliases")
                .properties()
                .forEach(each -> aliases.put(each.getKey(), each.getValue().textValue()));
        return new Fields(
                all,
                aliases,
                Set.copyOf(texts(json.path("ignored"))),
                json.path("open").asBoolean());
    }

    private static Map<String, Form> forms(JsonNode json, int depth) {
        Map<String, Form> forms = new LinkedHashMap<>();
        json.properties().forEach(each -> forms.put(each.getKey(), of(each.getValue(), depth + 1)));
        return forms;
    }

    private static boolean areTexts(JsonNode json) {
        return StreamSupport.stream(json.spliterator(), false).allMatch(JsonNode::isTextual);
    }

    private static List<String> texts(JsonNode json) {
        List<String> texts = new ArrayList<>();
        json.forEach(each -> texts.add(each.textValue()));
        return texts;
    }
}
