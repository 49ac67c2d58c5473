package io.cloacina.server.api;

import io.cloacina.server.http.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object in a request. A value of another type, or an unknown field, is refused. Null counts as
 * absent.
 */
final class Fields {
    private final Map<String, Object> values;

    /** The fields of the body of a call, which may have no others. */
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

    /** The fields of an empty body. */
    static Fields none() {
        return new Fields(Map.of(), "the body");
    }

    /** Refuses a field that has no meaning for the requested action. */
    void only(boolean isMeant, String name) {
        if (!isMeant && values.get(name) != null) {
            throw Params.refused("the field " + name + " is not allowed for this action: remove it");
        }
    }

    /** Refuses two fields that say the same in different ways. */
    void either(String one, String other) {
        if (values.get(one) != null && values.get(other) != null) {
            throw Params.refused("give either " + one + " or " + other);
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

    Optional<Duration> span(String name) {
        return text(name).map(text -> Params.span(name, text));
    }

    Optional<Instant> instant(String name) {
        return text(name).map(text -> Params.instant(name, text));
    }

    /** A list of texts; empty if the field is absent. */
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

    /** An object without checks of its fields. */
    Optional<Map<String, Object>> object(String name) {
        return typed(name, Map.class, "an object").map(Fields::named);
    }

    /** An object that may have only these fields. */
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

    /** Makes the type explicit: the keys of an object in JSON are texts. */
    private static Map<String, Object> named(Map<?, ?> object) {
        Map<String, Object> named = new LinkedHashMap<>();
        object.forEach((name, value) -> named.put(String.valueOf(name), value));
        return named;
    }
}
