package io.cloacina.schema.sql;

import io.cloacina.schema.type.Codec;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.InvalidValueException;
import io.cloacina.schema.type.PayloadForm;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement composed for one backend: its SQL text, how to bind its argument, and how to read its rows. Immutable,
 * thread safe.
 */
public final class Composed<P, R> {
    private final String name;
    private final String sql;
    private final List<Table> tables;
    private final Slot.Bound<?>[] slots;
    private final Selectable<?>[] selected;
    private final Codec<?>[] codecs;
    private final @Nullable RowReader<R> reader;
    private final List<ReferenceProbe<?>> probes;
    private final boolean mayInsertNothing;
    private final @Nullable ComposedSet<P> set;

    Composed(
            Dialect dialect,
            SqlText text,
            List<Table> tables,
            @Nullable Selection<R> selection,
            List<ReferenceProbe<?>> probes,
            boolean mayInsertNothing,
            @Nullable ComposedSet<P> set) {
        List<Selectable<?>> columns = selection == null ? List.of() : selection.columns();
        this.name = text.statement();
        this.sql = text.sql();
        this.tables = List.copyOf(tables);
        this.slots = text.slots().stream().map(slot -> slot.on(dialect)).toArray(Slot.Bound<?>[]::new);
        this.selected = columns.toArray(Selectable<?>[]::new);
        this.codecs = columns.stream()
                .map(column -> column.type().codec(dialect.backend()))
                .toArray(Codec<?>[]::new);
        this.reader = selection == null ? null : selection.reader();
        this.probes = probes;
        this.mayInsertNothing = mayInsertNothing;
        this.set = set;
    }

    /** The name of the statement in messages. */
    public String name() {
        return name;
    }

    /** The SQL text. */
    public String sql() {
        return sql;
    }

    /** The name of the table that it changes, or else of the first that it reads; empty for a native statement. */
    public String table() {
        return tables.isEmpty() ? "" : tables.get(0).tableName();
    }

    /** All tables that it uses, in order; none for a native statement. */
    public List<Table> tables() {
        return tables;
    }

    /** The types of the placeholders, in order. */
    public List<DataType<?>> parameterTypes() {
        List<DataType<?>> types = new ArrayList<>();
        for (Slot.Bound<?> slot : slots) {
            types.add(slot.type());
        }
        return types;
    }

    /** The types of the columns that it reads, in order. */
    public List<DataType<?>> resultTypes() {
        List<DataType<?>> types = new ArrayList<>();
        for (Selectable<?> column : selected) {
            types.add(column.type());
        }
        return types;
    }

    /** How to find out which foreign key an argument breaks, where the database does not say. */
    public List<ReferenceProbe<?>> probes() {
        return probes;
    }

    /** Whether it is an insert; false for a native statement, whose kind is not known. */
    public boolean isInsert() {
        return !tables.isEmpty() && sql.startsWith("INSERT ");
    }

    /** Whether it is an insert that may leave out its row, such as one that is already there. */
    public boolean mayInsertNothing() {
        return mayInsertNothing;
    }

    /** The same change for many arguments at once; null if it runs for one only. */
    public @Nullable ComposedSet<P> set() {
        return set;
    }

    /**
     * Binds every placeholder from the argument.
     *
     * @throws InvalidValueException for a value that its column cannot hold, naming the column
     */
    public void bind(PreparedStatement statement, P argument, PayloadForm form) throws SQLException {
        bind(statement, 0, argument, form);
    }

    /**
     * Binds an argument in a text in which this statement follows others.
     *
     * @param before how many placeholders the others have
     * @return how many placeholders the others and this statement have
     */
    public int bind(PreparedStatement statement, int before, P argument, PayloadForm form) throws SQLException {
        for (int index = 0; index < slots.length; index++) {
            slots[index].bind(statement, before + index + 1, argument, form);
        }
        return before + slots.length;
    }

    /**
     * Takes the values from an argument, for {@link #bindTaken}: the argument may change until then.
     *
     * @throws InvalidValueException for a value that is missing, naming the column
     */
    public @Nullable Object[] take(P argument) {
        @Nullable Object[] values = new Object[slots.length];
        for (int index = 0; index < slots.length; index++) {
            values[index] = slots[index].value(argument);
        }
        return values;
    }

    /** As {@link #bind(PreparedStatement, int, Object, PayloadForm)}, with values that {@link #take} has returned. */
    public int bindTaken(PreparedStatement statement, int before, @Nullable Object[] values, PayloadForm form)
            throws SQLException {
        for (int index = 0; index < slots.length; index++) {
            slots[index].bindTaken(statement, before + index + 1, values[index], form);
        }
        return before + slots.length;
    }

    /** A row to be used for all results of one prepared statement, by one thread at a time. */
    public Row newRow() {
        return Row.over(selected, codecs);
    }

    /** Reads all rows of a result into a list. */
    public List<R> readAll(ResultSet result, Row row, PayloadForm form) throws SQLException {
        List<R> rows = new ArrayList<>();
        while (result.next()) {
            rows.add(readCurrent(result, row, form));
        }
        return rows;
    }

    /** Reads the row that the result is at. */
    public R readCurrent(ResultSet result, Row row, PayloadForm form) throws SQLException {
        RowReader<R> each = reader;
        if (each == null) {
            throw new IllegalStateException("a command has no rows");
        }
        row.reads(result, form);
        try {
            return each.read(row);
        } catch (Row.ReadFailure e) {
            throw e.failure();
        } catch (StatementException e) {
            throw new StatementException("statement " + name + ": " + e.getMessage(), e);
        } finally {
            row.reads(null, form);
        }
    }
}
