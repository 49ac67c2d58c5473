package io.cloacina.schema.sql;

import io.cloacina.schema.type.DataType;
import java.util.List;

/** A NOT NULL column. It has no {@code isNull()}, is read as a plain value and is ordered without a word on nulls. */
public final class Column<V> extends AnyColumn<V> implements NotNull<V> {
    Column(Table table, String name, DataType<V> type) {
        super(table, name, type, false);
    }

    /**
     * Says what the name of the column does not, for the reference of the schema.
     *
     * @return this column
     */
    public Column<V> describedAs(String text) {
        description(text);
        return this;
    }

    /**
     * Says that this column came with a later version of the schema than its table.
     *
     * @return this column
     */
    public Column<V> addedIn(int version) {
        since(version);
        return this;
    }

    /**
     * Says that some values of this column's enum came with a later version of the schema than the column.
     *
     * @return this column
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final Column<V> valuesAddedIn(int version, V... values) {
        laterValues(version, List.of(values));
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
