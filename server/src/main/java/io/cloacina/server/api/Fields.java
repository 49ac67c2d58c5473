package io.cloacina.server.api;

import io.cloacina.server.http.Call;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of an object that was sent; what is of another type, or not known, is refused. Null is as if absent. */
final class Fields {
    private final Map<String, Object> values;

    /** Of the body of a call, which may have these and no others. */
    Fields(Call call, String... known) {
        this(call.body(), "the body", known);
    }

    private Fields(Map<String, Object> values, String where, String... known) {
        this.values = values;
        List<String> all = List.of(known);
        for (String name : values.keySet()) {
            if (!all.contains(name)) {
                throw Params.refused(where + " has a field '" + name + "', which is not known here"
                        + (all.isEmpty() ? "" : "; there are " + String.join(", ", all)));
            }
        }
    }

    /** As of an empty body. */
    static Fields none() {
        return new Fields(Map.of(), "the body");
    }

    /** Refuses a field that means nothing for what is asked. */
    void only(boolean isMeant, String name) {
        if (!isMeant && values.get(name) != null) {
            throw Params.refused("the field " + name + " is not allowed for this action: remove it");
        }
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    @Nullable
    Object value(String name) {
        return values.get(name);
    }

    Optional<String> text(String name) {
        return typed(name, String.class, "text");
    }

    String required(String name) {
        return text(name).orElseThrow(() -> Params.refused("the field " + name + " is needed: text"));
    }

    boolean isTrue(String name) {
        return typed(name, Boolean.class, "true or false").orElse(false);
    }

    Optional<Integer> number(String name) {
        return typed(name, Integer.class, "a whole number");
    }

    /** A list of texts; none if it is absent. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object each : typed(name, List.class, "a list of texts").orElse(List.of())) {
            if (!(each instanceof String text)) {
                throw Params.refused("the field " + name + " must be a list of texts");
            }
            texts.add(text);
        }
        return texts;
    }

    /** An object as it is. */
    Optional<Map<String, Object>> object(String name) {
        return typed(name, Map.class, "an object").map(Fields::named);
    }

    /** An object with these fields and no others. */
    Optional<Fields> fields(String name, String... known) {
        return object(name).map(object -> new Fields(object, "the field " + name, known));
    }

    private <T> Optional<T> typed(String name, Class<T> type, String what) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw Params.refused("the field " + name + " must be " + what);
        }
        return Optional.of(type.cast(value));
    }

    /** The keys of an object in JSON are text. */
    private static Map<String, Object> named(Map<?, ?> object) {
        Map<String, Object> named = new LinkedHashMap<>();
        object.forEach((name, value) -> named.put(String.valueOf(name), value));
        return named;
    }
}
