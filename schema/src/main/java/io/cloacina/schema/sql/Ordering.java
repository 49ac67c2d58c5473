package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;

/** A column and a direction, in an {@code ORDER BY}, a keyset page or an index. */
public final class Ordering<V> implements IndexPart {
    private final AnyColumn<V> column;
    private final boolean descending;
    private final String nulls;

    Ordering(AnyColumn<V> column, boolean descending, String nulls) {
        this.column = column;
        this.descending = descending;
        this.nulls = nulls;
    }

    boolean saysNulls() {
        return !nulls.isEmpty();
    }

    /** This ordering as part of a keyset page that begins after {@code position}; NOT NULL columns only. */
    public KeysetPart<V> after(Parameter<V> position) {
        return new KeysetPart<>(this, ArgumentChecks.given("the position", position));
    }

    @Override
    public AnyColumn<V> column() {
        return column;
    }

    @Override
    public boolean isDescending() {
        return descending;
    }

    void write(SqlWriter sql) {
        sql.column(column).text(descending ? " DESC" : "").text(nulls);
    }
}
