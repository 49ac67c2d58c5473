package io.cloacina.engine.internal.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;

/**
 * What JSON a Java type is read from. It is JSON itself and holds no class, so that a process without the class judges a value as one that
 * has it. It refuses only what reading refuses for certain: what is not known of a type fits, and so does what its constructor, or the
 * text of a time, may still refuse. {@link JsonMapping#shape(Type)} makes it of a type. Immutable, thread safe.
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

    /** As it is stored: a text or an object, the same each time for the same type. */
    public JsonNode json() {
        return form.json();
    }

    /**
     * Adds what does not fit.
     *
     * @param value what is to be read
     * @param path what the value is called, such as {@code order}; may be empty
     * @param problems receives texts such as {@code order.total: expected a number, found a text}, at most {@value Misfits#MAX} of
     *     them, each with a short cut of a value at most
     */
    public void check(JsonNode value, String path, List<String> problems) {
        new Misfits(problems).check(form, value, path);
    }

    /**
     * The first reason why a value that fits another shape may not be read as this, such as {@code lines[].count: an int is expected,
     * and a text may be present}. Nothing if each can be read, as far as both are known.
     *
     * @param written what the values are that are to be read
     */
    public Optional<String> whyNotReadable(Shape written) {
        return Optional.ofNullable(Form.whyNotRead(form, written.form, ""));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && form.equals(shape.form);
    }

    @Override
    public int hashCode() {
        return form.hashCode();
    }

    /** In short, for people: {@code {id: text, lines: [{sku: text, count: int}], note?: text}}; what has a ? may be absent. */
    @Override
    public String toString() {
        return form.toString();
    }
}
