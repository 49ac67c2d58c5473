package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A part of a {@link Shape}. JSON null fits each form except {@link NotNull}. */
sealed interface Form permits Form.Any, Form.NotNull, Form.Labels, Form.Items, Form.Entries, Scalar, Fields, OneOf {
    /** As it is stored; {@link StoredForm} reads it. */
    JsonNode json();

    /** Adds the reasons why the value does not fit. {@code value}: null only for {@link NotNull}. */
    void check(JsonNode value, String path, Mismatches mismatches);

    /**
     * Why a value that fits {@code written} may not fit this form; null if each does. {@code written}: not a {@link NotNull} or
     * {@link Any}.
     */
    @Nullable
    String whyNot(Form written, String path);

    /** What fits this form, with an article. */
    String noun();

    /** As {@link Shape#whyNotReadable}, for any two forms. */
    static @Nullable String whyNotRead(Form expected, Form written, String path) {
        if (expected instanceof Any || written instanceof Any) {
            return null;
        }
        if (expected instanceof NotNull notNull) {
            return written instanceof NotNull same
                    ? whyNotRead(notNull.of(), same.of(), path)
                    : Mismatches.at(path, "null is refused, and may be present");
        }
        return written instanceof NotNull notNull
                ? whyNotRead(expected, notNull.of(), path)
                : expected.whyNot(written, path);
    }

    /** The message that a value of one form does not fit the other. */
    static String differs(Form expected, Form written, String path) {
        return Mismatches.at(path, expected.noun() + " is expected, and " + written.noun() + " may be present");
    }

    private static ObjectNode stored(String key, Form of) {
        ObjectNode json = JsonContext.empty();
        json.set(key, of.json());
        return json;
    }

    /** Nothing is known: every value fits. */
    record Any() implements Form {
        @Override
        public JsonNode json() {
            return TextNode.valueOf("any");
        }

        @Override
        public void check(JsonNode value, String path, Mismatches mismatches) {
            // Everything fits.
        }

        @Override
        public @Nullable String whyNot(Form written, String path) {
            return null;
        }

        @Override
        public String noun() {
            return "any value";
        }

        @Override
        public String toString() {
            return "any";
        }
    }

    /** Anything but null. */
    record NotNull(Form of) implements Form {
        @Override
        public JsonNode json() {
            return stored("notNull", of);
        }

        @Override
        public void check(JsonNode value, String path, Mismatches mismatches) {
            if (value.isNull()) {
                mismatches.expected(of.noun(), value, path);
            } else {
                mismatches.check(of, value, path);
            }
        }

        @Override
        public @Nullable String whyNot(Form written, String path) {
            return Form.whyNotRead(of, written, path);
        }

        @Override
        public String noun() {
            return of.noun();
        }

        @Override
        public String toString() {
            return of.toString();
        }
    }

    /** The constants of an enum. */
    record Labels(List<String> labels) implements Form {
        private static final int SHOWN = 10;

        @Override
        public JsonNode json() {
            ArrayNode array = JsonContext.array();
            labels.forEach(array::add);
            return JsonContext.empty().set("enum", array);
        }

        @Override
        public void check(JsonNode value, String path, Mismatches mismatches) {
            if (!value.isTextual()
                    || (!labels.contains(value.textValue())
                            && !labels.contains(value.textValue().trim()))) {
                mismatches.expected(noun(), value, path);
            }
        }

        @Override
        public @Nullable String whyNot(Form written, String path) {
            if (!(written instanceof Labels of)) {
                return differs(this, written, path);
            }
            for (String label : of.labels) {
                if (!labels.contains(label)) {
                    return Mismatches.at(path, noun() + " is expected, and '" + label + "' may be present");
                }
            }
            return null;
        }

        @Override
        public String noun() {
            return "one of " + first(", ");
        }

        @Override
        public String toString() {
            return first("|");
        }

        private String first(String delimiter) {
            String first = String.join(delimiter, labels.subList(0, Math.min(SHOWN, labels.size())));
            return labels.size() > SHOWN ? first + delimiter + "…" : first;
        }
    }

    /** A list, a set or an array. */
    record Items(Form of) implements Form {
        @Override
        public JsonNode json() {
            return stored("list", of);
        }

        @Override
        public void check(JsonNode value, String path, Mismatches mismatches) {
            if (!value.isArray()) {
                mismatches.expected(noun(), value, path);
                return;
            }
            int i = 0;
            for (JsonNode item : value) {
                mismatches.check(of, item, path + "[" + i++ + "]");
            }
        }

        @Override
        public @Nullable String whyNot(Form written, String path) {
            return written instanceof Items other
                    ? Form.whyNotRead(of, other.of, path + "[]")
                    : differs(this, written, path);
        }

        @Override
        public String noun() {
            return "a list";
        }

        @Override
        public String toString() {
            return "[" + of + "]";
        }
    }

    /** A map, whose keys may be anything: they are texts in JSON. */
    record Entries(Form of) implements Form {
        @Override
        public JsonNode json() {
            return stored("map", of);
        }

        @Override
        public void check(JsonNode value, String path, Mismatches mismatches) {
            if (!value.isObject()) {
                mismatches.expected(noun(), value, path);
                return;
            }
            value.properties()
                    .forEach(each -> mismatches.check(of, each.getValue(), Mismatches.path(path, each.getKey())));
        }

        @Override
        public @Nullable String whyNot(Form written, String path) {
            if (written instanceof Entries other) {
                return Form.whyNotRead(of, other.of, Mismatches.path(path, "*"));
            }
            if (written instanceof Fields fields) {
                for (Map.Entry<String, Fields.Field> each : fields.all().entrySet()) {
                    String why = Form.whyNotRead(of, each.getValue().form(), Mismatches.path(path, each.getKey()));
                    if (why != null) {
                        return why;
                    }
                }
                return null;
            }
            return written instanceof OneOf ? null : differs(this, written, path);
        }

        @Override
        public String noun() {
            return "an object";
        }

        @Override
        public String toString() {
            return "{*: " + of + "}";
        }
    }
}
