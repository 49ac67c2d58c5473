package io.cloacina.schema.sql;

/** A column in an index, ascending unless it is a descending {@link Ordering}. */
public sealed interface IndexPart permits AnyColumn, Ordering {
    /** The indexed column. */
    AnyColumn<?> column();

    /** Whether the index holds it largest first. */
    boolean isDescending();
}
