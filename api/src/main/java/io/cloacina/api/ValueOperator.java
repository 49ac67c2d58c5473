package io.cloacina.api;

/**
 * How a {@link TriggerCondition.ContextValue} compares the value of a key with its own. Both are JSON values; a key
 * that is absent has no value, a key with null has the value null. No operator fails: if the types do not fit, the
 * condition does not hold, and its negation does.
 */
public enum ValueOperator {
    /**
     * The values are equal as JSON. Numbers are compared by value: 1 equals 1.0, but not "1". An absent key equals
     * nothing.
     */
    EQUALS("Equals"),
    /** The exact negation of {@link #EQUALS}: holds for an absent key. */
    NOT_EQUALS("NotEquals"),
    /** Both are numbers, compared by value, or both are texts, compared by code point, and the key's is greater. */
    GREATER_THAN("GreaterThan"),
    /** Both are numbers, compared by value, or both are texts, compared by code point, and the key's is less. */
    LESS_THAN("LessThan"),
    /**
     * The key's text contains the given text, or its array has an element that {@linkplain #EQUALS equals} the given
     * value, or its object has the given text as a key. Otherwise it does not hold.
     */
    CONTAINS("Contains"),
    /** The exact negation of {@link #CONTAINS}: holds for an absent key. */
    NOT_CONTAINS("NotContains"),
    /** The key is present, whatever its value. */
    EXISTS("Exists"),
    /** The key is absent. */
    NOT_EXISTS("NotExists");

    private final String label;

    ValueOperator(String label) {
        this.label = label;
    }

    /** The name in JSON, such as {@code GreaterThan}. */
    public String label() {
        return label;
    }

    /** Whether the operator compares with a value; {@link #EXISTS} and {@link #NOT_EXISTS} do not. */
    public boolean takesValue() {
        return this != EXISTS && this != NOT_EXISTS;
    }
}
