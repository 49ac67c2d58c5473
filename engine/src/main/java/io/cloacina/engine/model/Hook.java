package io.cloacina.engine.model;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.HookSignature;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A webhook: the workflow that a signed delivery submits. Its secret is stored with it and never shown.
 *
 * @param name the name of the hook, up to 100 characters
 * @param workflow the name of the workflow that a delivery submits
 * @param signature how a delivery is signed
 * @param input how the input is built from the body: for each of 1 to 50 names, a JSON pointer (RFC 6901) into the
 *     body; the pointer {@code ""} is the whole body. A name whose pointer finds no value is left out.
 */
public record Hook(String name, String workflow, HookSignature signature, Map<String, String> input) {
    /** The input that consists of the whole body, under the name {@code body}. */
    public static final Map<String, String> WHOLE_BODY = Map.of("body", "");

    private static final String INVALID = ErrorCodes.INVALID_HOOK;
    private static final int MAX_NAME = 100;
    private static final int MAX_VALUES = 50;

    /**
     * Checks the parts.
     *
     * @throws CloacinaException with the code {@code INVALID_HOOK} if something is missing, too long or not a pointer
     */
    public Hook {
        checkedName(name);
        Arguments.name(INVALID, "the workflow of a hook", workflow);
        Arguments.given("the signature", signature);
        Arguments.given("the input of a hook", input);
        if (input.isEmpty() || input.size() > MAX_VALUES) {
            throw new CloacinaException(
                    INVALID, "the input of a hook has from 1 to " + MAX_VALUES + " values, not " + input.size());
        }
        Map<String, String> all = new TreeMap<>();
        // An unchecked cast can make a map of anything.
        Map<?, ?> given = input;
        for (Map.Entry<?, ?> each : given.entrySet()) {
            if (!(each.getKey() instanceof String key) || !(each.getValue() instanceof String pointer)) {
                throw new CloacinaException(INVALID, "the input of a hook has a name or a pointer that is not a text");
            }
            Arguments.name(INVALID, "a name in the input of a hook", key);
            all.put(key, checkedPointer(key, pointer));
        }
        input = Collections.unmodifiableMap(all);
    }

    /** A hook whose deliveries submit a workflow with the whole body as the value {@code body} of its input. */
    public static Hook of(String name, String workflow, HookSignature signature) {
        return new Hook(name, workflow, signature, WHOLE_BODY);
    }

    /** Returns the name if a hook may have it, and throws otherwise. */
    public static String checkedName(String name) {
        return Arguments.name(INVALID, "the name of a hook", name, MAX_NAME);
    }

    private static String checkedPointer(String key, String pointer) {
        Arguments.unicode(INVALID, "a JSON pointer", pointer);
        boolean isPointer = pointer.isEmpty() || pointer.startsWith("/");
        if (!isPointer || pointer.length() > Arguments.MAX_NAME || pointer.matches("(?s).*(~[^01].*|~|\u0000.*)")) {
            throw new CloacinaException(
                    INVALID,
                    "the key '" + key + "' of the input has " + Arguments.shown(pointer)
                            + ", which is not a JSON pointer of at most " + Arguments.MAX_NAME
                            + " characters: write one such as /order/id, or an empty text for the whole body");
        }
        return pointer;
    }
}
