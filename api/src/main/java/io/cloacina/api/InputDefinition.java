package io.cloacina.api;

import java.lang.reflect.Type;

/**
 * A declared value of the input of an execution. Each submission is checked against it. Immutable.
 *
 * @param key its key in the input
 * @param type the Java type that tasks read it as
 * @param isRequired whether a submission without it is refused
 */
public record InputDefinition(String key, Type type, boolean isRequired) {
    /** Checks the key, and that there is a type. */
    public InputDefinition {
        Arguments.key(Arguments.INVALID, "the key of an input", key);
        Arguments.given("the type of input " + Names.quoted(key), type);
    }
}
