package io.cloacina.schema.sql;

import io.cloacina.schema.type.DataType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A value taken from the statement's argument each time it runs; null is stored as NULL. */
public final class NullableParameter<V> implements Assignable<V> {
    private final Object statement;
    private final Function<Object, ? extends @Nullable V> from;

    NullableParameter(Object statement, Function<Object, ? extends @Nullable V> from) {
        this.statement = statement;
        this.from = from;
    }

    Object statement() {
        return statement;
    }

    Slot<V> slot(String name, DataType<V> type) {
        return new Slot<>(name, type, from, true);
    }
}
