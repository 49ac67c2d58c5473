package io.cloacina.schema.sql;

import io.cloacina.schema.type.DataType;
import java.util.function.Function;

/** A value taken from the statement's argument each time it runs; null is refused when it is bound. */
public final class Parameter<V> implements NotNull<V> {
    private final Object statement;
    private final Function<Object, ? extends V> from;

    Parameter(Object statement, Function<Object, ? extends V> from) {
        this.statement = statement;
        this.from = from;
    }

    Object statement() {
        return statement;
    }

    Slot<V> slot(String name, DataType<V> type) {
        return new Slot<>(name, type, from, false);
    }
}
