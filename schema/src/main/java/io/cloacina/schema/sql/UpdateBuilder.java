package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.function.Function;

/**
 * Writes an update. With its conditions it is a compare-and-set: the number of changed rows shows whether they held.
 *
 * @param <P> the statement's argument
 */
public final class UpdateBuilder<P> extends FilteredChangeBuilder<P> {
    UpdateBuilder() {}

    /** Sets the table to update. */
    public <T extends Table> T table(Function<Source, T> table) {
        return target(table);
    }

    /** Sets a NOT NULL column to a constant. */
    public <V> void set(Column<V> column, V value) {
        assign(column, value);
    }

    /** Sets a NOT NULL column to something that is never null. */
    public <V> void set(Column<V> column, NotNull<V> value) {
        assign(column, value);
    }

    /** Sets a nullable column to a constant. */
    public <V> void set(NullableColumn<V> column, V value) {
        assign(column, value);
    }

    /** Sets a nullable column. */
    public <V> void set(NullableColumn<V> column, Assignable<V> value) {
        assign(column, value);
    }

    /** Sets a nullable column to NULL. */
    public void setNull(NullableColumn<?> column) {
        add(new Assignment(column, sql -> sql.text("NULL"), null));
    }

    /** Adds a constant, which may be negative, to the column. */
    public <N extends Number> void increment(Column<N> column, N by) {
        ArgumentChecks.given("the number", by);
        add(new Assignment(column, sql -> sql.column(column).text(" + ").literal(column, by), null));
    }

    /** Adds a parameter, which may be negative, to the column. */
    public <N extends Number> void increment(Column<N> column, Parameter<N> by) {
        ArgumentChecks.given("the number", by);
        add(new Assignment(column, sql -> sql.column(column).text(" + ").operand(by, column), null));
    }

    @Override
    void write(SqlWriter sql) {
        if (assignments().isEmpty()) {
            throw new StatementException("an update without columns to set");
        }
        sql.text("UPDATE ").text(target().tableName()).text(" SET ");
        sql.separated(assignments(), assignment -> {
            sql.text(assignment.column().name()).text(" = ");
            assignment.value().accept(sql);
        });
        sql.members(" FROM ");
        writeWhere(sql);
    }
}
