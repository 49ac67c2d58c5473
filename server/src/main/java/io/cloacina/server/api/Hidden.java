package io.cloacina.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.server.json.Json;

/** Hides values: only their names are shown. */
final class Hidden {
    static final String TEXT = "hidden";

    private Hidden() {}

    static ObjectNode of(JsonNode values) {
        ObjectNode hidden = Json.fields();
        values.fieldNames().forEachRemaining(name -> hidden.put(name, TEXT));
        return hidden;
    }
}
