package io.cloacina.schema.sql;

import io.cloacina.schema.type.DataType;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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

    /** With a check of the value, which throws if it refuses the value. */
    Slot<V> slot(String name, DataType<V> type, UnaryOperator<V> check) {
        Function<Object, @Nullable V> checked = argument -> {
            @Nullable V value = from.apply(argument);
            return value == null ? null : check.apply(value);
        };
        return new Slot<>(name, type, checked, false);
    }
}
