package io.cloacina.schema.type;

/** A truth value. {@code FALSE} orders before {@code TRUE}, as in both databases. */
public enum UniversalBool {
    FALSE,
    TRUE;

    public static UniversalBool of(boolean value) {
        return value ? TRUE : FALSE;
    }

    public boolean value() {
        return this == TRUE;
    }
}
