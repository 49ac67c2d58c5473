package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.DataType;

/**
 * A NOT NULL column. It has no {@code isNull()}, is read as a plain value, and is ordered without specifying where
 * nulls go.
 */
public final class Column<V> extends AnyColumn<V> implements NotNull<V> {
    Column(Table table, String name, DataType<V> type) {
        super(table, name, type, false);
    }

    /**
     * Sets the description of this column, for the reference of the schema.
     *
     * @return this column
     */
    public Column<V> describedAs(String text) {
        description(text);
        return this;
    }

    /**
     * Declares the later version of the schema that introduced this column.
     *
     * @return this column
     */
    public Column<V> addedIn(int version) {
        since(version);
        return this;
    }

    /**
     * Declares the later version of the schema that introduced some values of this column's enum.
     *
     * @return this column
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final Column<V> valuesAddedIn(int version, V... values) {
        laterValues(version, ArgumentChecks.all("the values", values));
        return this;
    }

    /** Smallest first. */
    public Ordering<V> asc() {
        return new Ordering<>(this, false, "");
    }

    /** Largest first. */
    public Ordering<V> desc() {
        return new Ordering<>(this, true, "");
    }
}
