package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The object of a record or a bean.
 *
 * @param all its fields by name
 * @param aliases other names that are read, with the names that they stand for; they are never written
 * @param ignored names whose values are ignored
 * @param isOpen whether any other name is accepted
 */
record Fields(Map<String, Field> all, Map<String, String> aliases, Set<String> ignored, boolean isOpen)
        implements Form {
    /** @param isRequired whether the field must be present */
    record Field(Form form, boolean isRequired) {}

    Fields {
        all = Collections.unmodifiableMap(new LinkedHashMap<>(all));
        aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = JsonContext.empty();
        ObjectNode fields = json.putObject("object");
        all.forEach((name, field) -> fields.set(name, field.form.json()));
        put(json, "required", all.keySet().stream().filter(this::isRequired).toList());
        if (!aliases.isEmpty()) {
            ObjectNode names = json.putObject("aliases");
            aliases.forEach(names::put);
        }
        put(json, "ignored", ignored.stream().sorted().toList());
        if (isOpen) {
            json.put("open", true);
        }
        return json;
    }

    private static void put(ObjectNode json, String key, Collection<String> names) {
        if (!names.isEmpty()) {
            names.forEach(json.putArray(key)::add);
        }
    }

    private boolean isRequired(String name) {
        Field field = all.get(name);
        return field != null && field.isRequired;
    }

    @Override
    public void check(JsonNode value, String path, Mismatches mismatches) {
        check(value, path, mismatches, null);
    }

    /** {@code typeField}: the field that names the type of the object, which the caller has checked. */
    void check(JsonNode value, String path, Mismatches mismatches, @Nullable String typeField) {
        if (!value.isObject()) {
            mismatches.expected(noun(), value, path);
            return;
        }
        value.properties().forEach(each -> {
            String name = aliases.getOrDefault(each.getKey(), each.getKey());
            Field field = all.get(name);
            if (field != null) {
                mismatches.check(field.form, each.getValue(), Mismatches.path(path, each.getKey()));
            } else if (!isOpen && !ignored.contains(name) && !name.equals(typeField)) {
                mismatches.add(Mismatches.path(path, name), "this field is unknown");
            }
        });
        all.forEach((name, field) -> {
            if (field.isRequired && !isIn(value, name)) {
                mismatches.add(Mismatches.path(path, name), "expected " + field.form.noun() + ", and it is absent");
            }
        });
    }

    private boolean isIn(JsonNode value, String name) {
        return value.has(name)
                || aliases.entrySet().stream()
                        .anyMatch(each -> each.getValue().equals(name) && value.has(each.getKey()));
    }

    @Override
    public @Nullable String whyNot(Form written, String path) {
        if (written instanceof Fields other) {
            return whyNot(other, path, null);
        }
        // Neither the keys of the map nor a default for missing values is known.
        return written instanceof Entries && isOpen ? null : Form.differs(this, written, path);
    }

    /** As {@link Form#whyNot}; {@code typeField} as in {@link #check(JsonNode, String, Mismatches, String)}. */
    @Nullable
    String whyNot(Fields written, String path, @Nullable String typeField) {
        for (Map.Entry<String, Field> each : written.all.entrySet()) {
            String name = aliases.getOrDefault(each.getKey(), each.getKey());
            Field field = all.get(name);
            String at = Mismatches.path(path, each.getKey());
            if (field == null && !isOpen && !ignored.contains(name) && !name.equals(typeField)) {
                return Mismatches.at(at, "this field is unknown, and may be present");
            }
            String why = field == null ? null : Form.whyNotRead(field.form, each.getValue().form, at);
            if (why != null) {
                return why;
            }
        }
        for (Map.Entry<String, Field> each : all.entrySet()) {
            if (each.getValue().isRequired && !written.isOpen && !mustBeIn(written, each.getKey())) {
                return Mismatches.at(
                        Mismatches.path(path, each.getKey()),
                        each.getValue().form.noun() + " is required, and may be missing");
            }
        }
        return null;
    }

    private boolean mustBeIn(Fields written, String name) {
        return written.all.entrySet().stream()
                .anyMatch(each -> each.getValue().isRequired
                        && aliases.getOrDefault(each.getKey(), each.getKey()).equals(name));
    }

    @Override
    public String noun() {
        return "an object";
    }

    @Override
    public String toString() {
        String fields = all.entrySet().stream()
                .map(each -> each.getKey() + (each.getValue().isRequired ? ": " : "?: ") + each.getValue().form)
                .collect(Collectors.joining(", "));
        return "{" + fields + (isOpen ? (fields.isEmpty() ? "…" : ", …") : "") + "}";
    }
}
