package io.cloacina.schema.type;

import io.cloacina.api.Labeled;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The constants of an enum by label, in the order of the enum. */
final class EnumLabels<E extends Enum<E> & Labeled> {
    private final String enumName;
    private final Map<String, E> constants = new LinkedHashMap<>();

    /** @throws InvalidSchemaException for no constants, and for a label that is empty, not storable or used twice */
    EnumLabels(Class<E> closedSet) {
        enumName = closedSet.getSimpleName();
        for (E constant : EnumSet.allOf(closedSet)) {
            add(constant);
        }
        if (constants.isEmpty()) {
            throw new InvalidSchemaException("enum " + enumName + " has no constants");
        }
    }

    private void add(E constant) {
        String label = constant.label();
        if (label.isEmpty()) {
            throw new InvalidSchemaException(enumName + "." + constant.name() + " has an empty label");
        }
        try {
            TextRules.storable(label);
        } catch (InvalidValueException invalid) {
            throw new InvalidSchemaException(
                    "label of " + enumName + "." + constant.name() + ": " + invalid.getMessage(), invalid);
        }
        E other = constants.putIfAbsent(label, constant);
        if (other != null) {
            throw new InvalidSchemaException(
                    enumName + "." + other.name() + " and " + constant.name() + " share the label '" + label + "'");
        }
    }

    E first() {
        return constants.values().iterator().next();
    }

    List<String> labels() {
        return List.copyOf(constants.keySet());
    }

    /** @throws InvalidValueException for an unknown label */
    E constant(String label) {
        E constant = constants.get(label);
        if (constant == null) {
            throw new InvalidValueException("not a " + enumName + ": " + TextRules.quoted(label) + ", known are "
                    + String.join(", ", constants.keySet()));
        }
        return constant;
    }

    /** The condition that the column holds one of the labels. */
    String check(String column) {
        return constants.keySet().stream()
                .map(TextRules::literal)
                .collect(Collectors.joining(", ", column + " IN (", ")"));
    }
}
