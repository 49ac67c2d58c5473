package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.DataType;

/**
 * A column that may be NULL: read with {@link Row#orNull(NullableColumn)}, and ordered with a specified place of nulls.
 */
public final class NullableColumn<V> extends AnyColumn<V> {
    NullableColumn(Table table, String name, DataType<V> type) {
        super(table, name, type, true);
    }

    /**
     * Sets the description of this column, for the reference of the schema.
     *
     * @return this column
     */
    public NullableColumn<V> describedAs(String text) {
        description(text);
        return this;
    }

    /**
     * Declares the later version of the schema that introduced this column.
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

    /** Smallest first, with nulls where specified, because the backends' defaults differ. */
    public Ordering<V> asc(Nulls nulls) {
        return new Ordering<>(this, false, clause(nulls));
    }

    /** Largest first, with nulls where specified, because the backends' defaults differ. */
    public Ordering<V> desc(Nulls nulls) {
        return new Ordering<>(this, true, clause(nulls));
    }

    private static String clause(Nulls nulls) {
        return ArgumentChecks.given("the place of nulls", nulls).clause();
    }
}
