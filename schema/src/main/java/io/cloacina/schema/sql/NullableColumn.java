package io.cloacina.schema.sql;

import io.cloacina.schema.type.DataType;

/** A column that may be NULL: read with {@link Row#orNull(NullableColumn)}, ordered by saying where nulls go. */
public final class NullableColumn<V> extends AnyColumn<V> {
    NullableColumn(Table table, String name, DataType<V> type) {
        super(table, name, type, true);
    }

    /**
     * Says what the name of the column does not, for the reference of the schema.
     *
     * @return this column
     */
    public NullableColumn<V> describedAs(String text) {
        description(text);
        return this;
    }

    /**
     * Says that this column came with a later version of the schema than its table.
     *
     * @return this column
     */
    public NullableColumn<V> addedIn(int version) {
        since(version);
        return this;
    }

    /** {@code this IS NULL}. */
    public Condition isNull() {
        return Condition.comparison(this, false, null, sql -> sql.column(this).text(" IS NULL"));
    }

    /** {@code this IS NOT NULL}. */
    public Condition isNotNull() {
        return Condition.comparison(this, false, null, sql -> sql.column(this).text(" IS NOT NULL"));
    }

    /** Smallest first; the backends disagree on where nulls go, so it is said. */
    public Ordering<V> asc(Nulls nulls) {
        return new Ordering<>(this, false, nulls.clause());
    }

    /** Largest first; the backends disagree on where nulls go, so it is said. */
    public Ordering<V> desc(Nulls nulls) {
        return new Ordering<>(this, true, nulls.clause());
    }
}
