package io.cloacina.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Compares JSON with a schema: as much of JSON Schema as {@code openapi.json} uses, and whatever else it has fails. */
final class Schemas {
    private static final List<String> KNOWN = List.of(
            "type",
            "format",
            "enum",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "description",
            "$ref",
            "minimum",
            "maximum");

    private final JsonNode document;

    Schemas(JsonNode document) {
        this.document = document;
    }

    /** What of the value does not fit; nothing if it fits. */
    List<String> differences(JsonNode schema, JsonNode value) {
        List<String> found = new ArrayList<>();
        compare("$", schema, value, found);
        return found;
    }

    private void compare(String where, JsonNode schema, JsonNode value, List<String> found) {
        schema.fieldNames().forEachRemaining(name -> {
            if (!KNOWN.contains(name)) {
                found.add(where + ": the schema has " + name + ", which is not known here");
            }
        });
        if (schema.has("$ref")) {
            compare(where, document.at(schema.get("$ref").asText().substring(1)), value, found);
            return;
        }
        JsonNode type = schema.path("type");
        List<String> types = new ArrayList<>();
        if (type.isArray()) {
            type.forEach(one -> types.add(one.asText()));
        } else if (type.isTextual()) {
            types.add(type.asText());
        }
        if (!types.isEmpty() && types.stream().noneMatch(one -> is(one, value))) {
            found.add(where + ": " + value + " is not of type " + types);
            return;
        }
        if (value.isTextual()) {
            text(where, schema, value.asText(), found);
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                compare(where + "[" + i + "]", schema.path("items"), value.get(i), found);
            }
        } else if (value.isObject()) {
            object(where, schema, value, found);
        }
    }

    private void object(String where, JsonNode schema, JsonNode value, List<String> found) {
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                found.add(where + ": " + name.asText() + " is absent");
            }
        });
        JsonNode more = schema.path("additionalProperties");
        value.properties().forEach(field -> {
            JsonNode its = schema.path("properties").path(field.getKey());
            if (!its.isMissingNode()) {
                compare(where + "." + field.getKey(), its, field.getValue(), found);
            } else if (more.isObject()) {
                compare(where + "." + field.getKey(), more, field.getValue(), found);
            } else if (more.isBoolean() && !more.asBoolean()) {
                found.add(where + ": " + field.getKey() + " is not described");
            }
        });
    }

    private static void text(String where, JsonNode schema, String text, List<String> found) {
        JsonNode allowed = schema.path("enum");
        if (allowed.isArray()) {
            boolean isOne = false;
            for (JsonNode one : allowed) {
                isOne |= one.asText().equals(text);
            }
            if (!isOne) {
                found.add(where + ": " + text + " is not one of " + allowed);
            }
        }
        try {
            switch (schema.path("format").asText()) {
                case "date-time" -> OffsetDateTime.parse(text);
                case "uuid" -> UUID.fromString(text);
                default -> {}
            }
        } catch (RuntimeException e) {
            found.add(where + ": " + text + " is not a " + schema.path("format").asText());
        }
    }

    private static boolean is(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "null" -> value.isNull();
            default -> false;
        };
    }
}
