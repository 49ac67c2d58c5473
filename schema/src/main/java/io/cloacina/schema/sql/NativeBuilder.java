package io.cloacina.schema.sql;

import io.cloacina.schema.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Writes a statement whose text is given for each backend: the way out for what the typed statements cannot say. Says the
 * types of its placeholders and of its columns, in the order in which the texts have them.
 *
 * @param <P> the statement's argument
 */
public final class NativeBuilder<P> {
    private final List<Slot<?>> slots = new ArrayList<>();
    private final List<Selectable<?>> columns = new ArrayList<>();

    NativeBuilder() {}

    /** The next placeholder: its type and the part of the argument that it takes. */
    @SuppressWarnings("unchecked") // the argument is a P: running a statement requires one
    public <V> void bind(DataType<V> type, Function<? super P, ? extends V> part) {
        slots.add(new Slot<>("placeholder " + (slots.size() + 1), type, (Function<Object, ? extends V>) part, false));
    }

    /** The next column of the result, never NULL. */
    public <V> Expression<V> column(DataType<V> type) {
        Expression<V> column = new Expression<>(this, "column " + (columns.size() + 1), type);
        column.slot(columns.size());
        columns.add(column);
        return column;
    }

    List<Slot<?>> slots() {
        return slots;
    }

    List<Selectable<?>> columns() {
        return columns;
    }
}
