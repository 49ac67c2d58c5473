package io.cloacina.schema.sql;

import io.cloacina.schema.type.DataType;

/** A value in a row that is not a column of a table, never NULL: a count, or a column of a native select. */
public final class Expression<V> extends Selectable<V> {
    private final Object owner;
    private final String text;

    /** An expression of the builder {@code owner}. */
    Expression(Object owner, String text, DataType<V> type) {
        super(type);
        this.owner = owner;
        this.text = text;
    }

    boolean isOf(Object builder) {
        return owner == builder;
    }

    @Override
    void writeSelected(SqlWriter sql) {
        sql.text(text);
    }

    /** Its text. */
    @Override
    public String toString() {
        return text;
    }
}
