package io.cloacina.schema.sql;

import io.cloacina.schema.type.DataType;

/** Something else than a column that a row holds, never NULL: a count, or a column of a native select. */
public final class Expression<V> extends Selectable<V> {
    private final String text;

    Expression(String text, DataType<V> type) {
        super(type);
        this.text = text;
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
