package io.cloacina.processor;

import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;

/**
 * What a task method takes.
 *
 * @param key of the input, the other task or the signal; of the context nothing
 * @param type what it is; of an {@code Optional} what that holds
 */
record Parameter(VariableElement element, Kind kind, String key, TypeMirror type, boolean isOptional, Place place) {
    enum Kind {
        CONTEXT,
        INPUT,
        FROM,
        FOR_EACH,
        /** An element of a list of the input. */
        FOR_EACH_OF_INPUT,
        SIGNAL
    }

    String name() {
        return element.getSimpleName().toString();
    }

    /** Whether it takes one element of a list. */
    boolean isElement() {
        return kind == Kind.FOR_EACH || kind == Kind.FOR_EACH_OF_INPUT;
    }

    boolean isOutputOfTask() {
        return kind == Kind.FROM || kind == Kind.FOR_EACH;
    }
}
