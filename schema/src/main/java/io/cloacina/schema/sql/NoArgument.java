package io.cloacina.schema.sql;

/** The argument of a statement that has none. */
public enum NoArgument {
    /** The only value. */
    NONE
}
