package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Collects the reasons why a value does not fit a {@link Form}, as texts. */
final class Mismatches {
    /** How many reasons are collected: a list of numbers that should be texts has as many as elements. */
    static final int MAX = 100;

    private final List<String> texts;
    private int room = MAX;

    Mismatches(List<String> texts) {
        this.texts = texts;
    }

    /** Adds the reasons why the value does not fit. */
    void check(Form form, JsonNode value, String path) {
        if (room > 0 && (!value.isNull() || form instanceof Form.NotNull)) {
            form.check(value, path, this);
        }
    }

    /** Adds that another kind of value was expected. */
    void expected(String what, JsonNode found, String path) {
        add(path, "expected " + what + ", found " + ErrorText.described(found));
    }

    void add(String path, String problem) {
        if (room > 0) {
            room--;
            texts.add(at(path, problem));
        }
    }

    /** A message that begins with the path of the part that it is about. */
    static String at(String path, String problem) {
        return path.isEmpty() ? problem : path + ": " + problem;
    }

    /** The path of a field. */
    static String path(String parent, String field) {
        String shown = ErrorText.shown(field);
        return parent.isEmpty() ? shown : parent + "." + shown;
    }
}
