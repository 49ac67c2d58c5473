package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.DataType;

/**
 * A value that a row can contain: a column or a counted number. Its place in the row is fixed once, while its statement
 * is composed, by the composing thread; other threads read it through the final fields of the {@link Composed}, which
 * is made after that.
 */
public abstract sealed class Selectable<V> permits AnyColumn, Expression {
    private final DataType<V> type;
    private int slot = -1;

    Selectable(DataType<V> type) {
        this.type = ArgumentChecks.given("the type", type);
    }

    /** The column type, which determines for each backend how it is declared, bound and read. */
    public final DataType<V> type() {
        return type;
    }

    final int slot() {
        return slot;
    }

    final void slot(int index) {
        slot = index;
    }

    abstract void writeSelected(SqlWriter sql);
}
