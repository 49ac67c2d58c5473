package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The stored JSON of what executions carry for interceptors. */
public final class CarriedJson {
    private CarriedJson() {}

    /** Null if nothing is carried: then nothing is stored. */
    public static @Nullable String of(Map<String, String> carried) {
        if (carried.isEmpty()) {
            return null;
        }
        ObjectNode json = JsonContext.empty();
        carried.forEach(json::put);
        return JsonContext.text(json, "what an execution carries");
    }

    /** What is carried, by name. */
    public static Map<String, String> read(@Nullable String json, String where) {
        if (json == null) {
            return Map.of();
        }
        Map<String, String> carried = new TreeMap<>();
        JsonContext.parse(json, "what " + where + " carries")
                .properties()
                .forEach(each -> carried.put(each.getKey(), each.getValue().asText()));
        return Collections.unmodifiableMap(carried);
    }
}
