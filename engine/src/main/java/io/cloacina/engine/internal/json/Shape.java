package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;

/**
 * Describes the JSON from which a Java type is read. A shape is JSON itself and refers to no class, so that a process without
 * the class accepts the same values as one that has it. It refuses only values that cannot be read for certain: where nothing
 * is known of a type, every value fits, and so do values that a constructor, or the parser of a time, may still refuse.
 * {@link JsonMapping#shape(Type)} creates it. Immutable, thread safe.
 */
public final class Shape {
    /** Nothing is known: every value fits. */
    public static final Shape ANY = new Shape(new Form.Any());

    private final Form form;

    Shape(Form form) {
        this.form = form;
    }

    /**
     * The shape that was {@linkplain #json() stored}.
     *
     * @param stored any JSON; every value fits a part of it that this version does not understand
     */
    public static Shape of(JsonNode stored) {
        return new Shape(StoredForm.of(stored));
    }

    /** The JSON that is stored: a text or an object, the same each time for the same type. */
    public JsonNode json() {
        return form.json();
    }

    /**
     * Adds the reasons why a value does not fit.
     *
     * @param value the value that is to be read
     * @param path the name of the value, such as {@code order}; may be empty
     * @param problems receives texts such as {@code order.total: expected a number, found the text 'x'}, at most
     *     {@value Mismatches#MAX} of them, each with at most a short part of a value
     */
    public void check(JsonNode value, String path, List<String> problems) {
        new Mismatches(problems).check(form, value, path);
    }

    /**
     * The first reason why a value that fits another shape may not be readable as this one, such as
     * {@code lines[].count: an int is expected, and a text may be present}. Empty if each can be read, as far as both are
     * known.
     *
     * @param written the shape of the values that are to be read
     */
    public Optional<String> whyNotReadable(Shape written) {
        return Optional.ofNullable(Form.whyNotRead(form, written.form, ""));
    }

    /** What a value is, as a message shows it: {@code a list}, {@code the number 5}. */
    public static String described(JsonNode value) {
        return ErrorText.described(value);
    }

    /** What is expected, as other messages name it ({@code a whole number of 32 bits}), or the form of a structure. */
    public String noun() {
        return form instanceof Scalar ? form.noun() : toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && form.equals(shape.form);
    }

    @Override
    public int hashCode() {
        return form.hashCode();
    }

    /**
     * A short form for users: {@code {id: text, lines: [{sku: text, count: int}], note?: text}}; a field with a ? may be
     * absent.
     */
    @Override
    public String toString() {
        return form.toString();
    }
}
