package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An object that names its type, which is one of several.
 *
 * @param types the form of each type, by its name
 * @param by the field with the name
 * @param otherwise the name of the type of an object without a known name; empty if such an object is refused
 */
record OneOf(Map<String, Form> types, String by, String otherwise) implements Form {
    OneOf {
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = JsonContext.empty();
        ObjectNode all = json.putObject("oneOf");
        types.forEach((name, form) -> all.set(name, form.json()));
        json.put("by", by);
        if (!otherwise.isEmpty()) {
            json.put("otherwise", otherwise);
        }
        return json;
    }

    @Override
    public void check(JsonNode value, String path, Mismatches mismatches) {
        JsonNode type = value.path(by);
        String name = type.isTextual() ? type.textValue() : "";
        Form form = types.getOrDefault(name, types.get(otherwise));
        if (form != null) {
            boolean saysType = type.isValueNode() && !type.isNull();
            check(form, value, path, saysType ? by : null, mismatches);
        } else if (value.isArray()) {
            return; // a list of the name and the object, which Jackson also reads
        } else if (!value.isObject()) {
            mismatches.expected(noun(), value, path);
        } else {
            mismatches.add(
                    Mismatches.path(path, by),
                    "expected " + names(", ")
                            + (type.isTextual() ? ", found the text '" + ErrorText.shown(name) + "'" : ", found none"));
        }
    }

    private static void check(
            Form form, JsonNode value, String path, @Nullable String typeField, Mismatches mismatches) {
        if (form instanceof Fields fields) {
            fields.check(value, path, mismatches, typeField);
        } else {
            mismatches.check(form, value, path);
        }
    }

    @Override
    public @Nullable String whyNot(Form written, String path) {
        if (written instanceof OneOf other) {
            for (Map.Entry<String, Form> each : other.types.entrySet()) {
                Form form = types.getOrDefault(each.getKey(), types.get(otherwise));
                String why = form == null
                        ? Mismatches.at(
                                Mismatches.path(path, by),
                                names(", ") + " is expected, and '" + each.getKey() + "' may be present")
                        : Form.whyNotRead(form, each.getValue(), path);
                if (why != null) {
                    return why;
                }
            }
            return null;
        }
        Form form = types.get(otherwise);
        if (written instanceof Fields fields && form instanceof Fields expected) {
            return expected.whyNot(fields, path, by);
        }
        boolean mayBe = written instanceof Entries || form instanceof Any;
        return mayBe ? null : Form.differs(this, written, path);
    }

    private String names(String delimiter) {
        return "one of " + String.join(delimiter, types.keySet());
    }

    @Override
    public String noun() {
        return "an object with its type in '" + by + "'";
    }

    @Override
    public String toString() {
        return types.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(" | "));
    }
}
