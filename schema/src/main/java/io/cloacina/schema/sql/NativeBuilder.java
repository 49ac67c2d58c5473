package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Declares the parameters and columns of a statement whose SQL text is given for each backend, for what typed
 * statements cannot express. Placeholders and columns are declared in the order of the text.
 *
 * @param <P> the statement's argument
 */
public final class NativeBuilder<P> {
    private final List<Slot<?>> slots = new ArrayList<>();
    private final List<Selectable<?>> columns = new ArrayList<>();

    NativeBuilder() {}

    /** Declares the next placeholder: its type, and the part of the argument that is bound to it. */
    @SuppressWarnings("unchecked") // the argument is a P: running a statement requires one
    public <V> void bind(DataType<V> type, Function<? super P, ? extends V> part) {
        ArgumentChecks.given("the type", type);
        ArgumentChecks.given("the part of the argument", part);
        slots.add(new Slot<>("placeholder " + (slots.size() + 1), type, (Function<Object, ? extends V>) part, false));
    }

    /** Declares the next column of the result, which is never NULL. */
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
