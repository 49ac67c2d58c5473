package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.Codec;
import io.cloacina.schema.type.InvalidValueException;
import io.cloacina.schema.type.PayloadForm;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The current row of a result, for a {@link RowReader}. One object serves all rows of a result; do not keep it.
 *
 * <p>When a statement is composed, its reader runs once on a sample row of arbitrary valid values; the columns that it
 * reads then become the columns of the select. So a reader must read all columns unconditionally and do nothing else
 * but build its result.
 */
public final class Row {
    private final Selectable<?>[] selected;
    private final Codec<?>[] codecs;
    private final @Nullable Consumer<Selectable<?>> recording;
    private @Nullable ResultSet result;
    private PayloadForm form = PayloadForm.PLAIN;

    private Row(Selectable<?>[] selected, Codec<?>[] codecs, @Nullable Consumer<Selectable<?>> recording) {
        this.selected = selected;
        this.codecs = codecs;
        this.recording = recording;
    }

    /** A row of sample values that records which columns are read from it. */
    static Row sample(Consumer<Selectable<?>> recording) {
        return new Row(new Selectable<?>[0], new Codec<?>[0], recording);
    }

    static Row over(Selectable<?>[] selected, Codec<?>[] codecs) {
        return new Row(selected, codecs, null);
    }

    void reads(@Nullable ResultSet current, PayloadForm its) {
        result = current;
        form = its;
    }

    /** The value of a NOT NULL column. */
    public <V> V get(Column<V> column) {
        return required(column);
    }

    /** The value of a count, or of a column of a native select. */
    public <V> V get(Expression<V> expression) {
        return required(expression);
    }

    /** The value of a nullable column, or null. */
    public <V> @Nullable V orNull(NullableColumn<V> column) {
        return value(column);
    }

    /** The result of {@code reader} for an outer-joined table; null if no row was joined. */
    public <T extends Table, R> @Nullable R orNull(Outer<T> outer, BiFunction<Row, T, R> reader) {
        ArgumentChecks.given("the reader", reader);
        T table = ArgumentChecks.given("the joined table", outer).table();
        return value(table.primaryKey()) == null ? null : reader.apply(this, table);
    }

    private <V> V required(Selectable<V> column) {
        V value = value(column);
        if (value == null) {
            throw new InvalidValueException(column + " is NULL, which its definition forbids");
        }
        return value;
    }

    private <V> @Nullable V value(Selectable<V> column) {
        ArgumentChecks.given("the column", column);
        if (recording != null) {
            recording.accept(column);
            return column.type().sample();
        }
        int slot = column.slot();
        if (slot < 0 || slot >= selected.length || selected[slot] != column) {
            throw new StatementException(
                    column + " is not read on every row: a reader takes its columns unconditionally");
        }
        @SuppressWarnings("unchecked") // codecs[i] is the codec of selected[i], and selected[slot] is this column
        Codec<V> codec = (Codec<V>) codecs[slot];
        try {
            V stored = codec.read(Objects.requireNonNull(result), slot + 1);
            return stored == null ? null : column.type().read(stored, form);
        } catch (InvalidValueException e) {
            throw new InvalidValueException(column + ": " + e.getMessage());
        } catch (SQLException e) {
            throw new ReadFailure(e);
        }
    }

    /** Carries an {@link SQLException} through the reader to the code that classifies it. */
    static final class ReadFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final SQLException failure;

        ReadFailure(SQLException failure) {
            super(failure);
            this.failure = failure;
        }

        SQLException failure() {
            return failure;
        }
    }
}
