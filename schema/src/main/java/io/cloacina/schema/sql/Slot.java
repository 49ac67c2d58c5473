package io.cloacina.schema.sql;

import io.cloacina.schema.type.Codec;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.ElementForm;
import io.cloacina.schema.type.InvalidValueException;
import io.cloacina.schema.type.PayloadForm;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A placeholder of a statement: its name, its type, and the function that gets its value from an argument. */
record Slot<V>(String name, DataType<V> type, Function<Object, ? extends @Nullable V> from, boolean nullable) {

    Bound<V> on(Dialect dialect) {
        return new Bound<>(this, type.codec(dialect.backend()));
    }

    /** A placeholder on one backend. */
    static final class Bound<V> {
        private final Slot<V> slot;
        private final Function<Object, ? extends @Nullable V> from;
        private final Codec<V> codec;
        private final @Nullable ElementForm<V> elementForm;

        private Bound(Slot<V> slot, Codec<V> codec) {
            this.slot = slot;
            this.from = slot.from;
            this.codec = codec;
            this.elementForm = codec.elementForm().orElse(null);
        }

        void bind(PreparedStatement statement, int index, Object argument, PayloadForm form) throws SQLException {
            bindValue(statement, index, value(argument), form);
        }

        /** Binds what {@link #value} has returned. */
        @SuppressWarnings("unchecked") // it is from this slot
        void bindTaken(PreparedStatement statement, int index, @Nullable Object value, PayloadForm form)
                throws SQLException {
            bindValue(statement, index, (V) value, form);
        }

        private void bindValue(PreparedStatement statement, int index, @Nullable V value, PayloadForm form)
                throws SQLException {
            if (value == null) {
                codec.bindNull(statement, index);
                return;
            }
            try {
                codec.bind(statement, index, slot.type.stored(value, form));
            } catch (InvalidValueException e) {
                throw named(e);
            }
        }

        /** The value from an argument; null only where that is allowed. */
        @Nullable
        V value(Object argument) {
            try {
                V value = from.apply(argument);
                if (value == null && !slot.nullable) {
                    throw new InvalidValueException("null where a value is required");
                }
                return value;
            } catch (InvalidValueException e) {
                throw named(e);
            } catch (NullPointerException e) {
                if (argument == null) {
                    throw named(new InvalidValueException("the argument of the statement is null"));
                }
                throw e;
            }
        }

        /** Appends a value to the text of an array. */
        void append(StringBuilder array, V value, PayloadForm form) {
            try {
                elementForm().append().accept(array, slot.type.stored(value, form));
            } catch (InvalidValueException e) {
                throw named(e);
            }
        }

        /** The type of the elements of an array, by its SQL name. */
        String elementType() {
            return elementForm().type();
        }

        private ElementForm<V> elementForm() {
            return Objects.requireNonNull(elementForm);
        }

        private InvalidValueException named(InvalidValueException e) {
            return new InvalidValueException(slot.name + ": " + e.getMessage());
        }

        boolean isNull(Object argument) {
            return from.apply(argument) == null;
        }

        String name() {
            return slot.name;
        }

        DataType<V> type() {
            return slot.type;
        }
    }
}
