package io.cloacina.schema.sql;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes an insert of one row for each argument. Every NOT NULL column must be set; a nullable one that is not set is NULL.
 *
 * @param <P> the statement's argument
 */
public final class InsertBuilder<P> extends ChangeBuilder<P> {
    private @Nullable Consumer<SqlWriter> onConflict;

    InsertBuilder() {}

    /** The table to insert into. */
    public <T extends Table> T into(Function<Source, T> table) {
        return target(table);
    }

    /** Sets a NOT NULL column to a constant. */
    public <V> void set(Column<V> column, V value) {
        assign(column, value);
    }

    /** Sets a NOT NULL column to a parameter that is never null. */
    public <V> void set(Column<V> column, Parameter<V> value) {
        assign(column, value);
    }

    /** Sets a nullable column to a constant. */
    public <V> void set(NullableColumn<V> column, V value) {
        assign(column, value);
    }

    /** Sets a nullable column to a parameter that is never null. */
    public <V> void set(NullableColumn<V> column, Parameter<V> value) {
        assign(column, value);
    }

    /** Sets a nullable column to a parameter that may be null. */
    public <V> void set(NullableColumn<V> column, NullableParameter<V> value) {
        assign(column, value);
    }

    /** Says what happens when a row with the same unique key is already there; otherwise that is an error. */
    public OnConflict onConflict(AnyColumn<?>... key) {
        return new OnConflict(List.of(key));
    }

    /** What an insert does when its row is already there. */
    public final class OnConflict {
        private final List<AnyColumn<?>> key;

        private OnConflict(List<AnyColumn<?>> key) {
            this.key = key;
        }

        /** Leaves the row that is there; the insert counts 0 rows. */
        public void doNothing() {
            onConflict = sql -> writeKey(sql).text(" DO NOTHING");
        }

        /** Sets these columns of the row that is there to what would have been inserted. */
        public void overwrite(AnyColumn<?>... columns) {
            List<AnyColumn<?>> overwritten = List.of(columns);
            onConflict = sql -> {
                writeKey(sql).text(" DO UPDATE SET ");
                SelectBuilder.separated(
                        sql,
                        overwritten,
                        column -> sql.text(column.name()).text(" = excluded.").text(column.name()));
            };
        }

        private SqlWriter writeKey(SqlWriter sql) {
            List<String> names = key.stream().map(AnyColumn::name).toList();
            sql.text(" ON CONFLICT (").text(String.join(", ", names)).text(")");
            if (names.equals(List.of(target().primaryKey().name()))) {
                return sql;
            }
            Index unique = target().indexes().stream()
                    .filter(index -> index.isUnique() && index.columnNames().equals(names))
                    .findFirst()
                    .orElseThrow(
                            () -> new StatementException("onConflict" + names + " is not a unique key of " + target()));
            unique.predicate().ifPresent(predicate -> sql.text(" WHERE ").text(predicate.ddl(sql.dialect())));
            return sql;
        }
    }

    @Override
    boolean mayInsertNothing() {
        return onConflict != null;
    }

    @Override
    void write(SqlWriter sql) {
        requireComplete();
        sql.text("INSERT INTO ").text(target().tableName()).text(" (");
        SelectBuilder.separated(
                sql, assignments(), assignment -> sql.text(assignment.column().name()));
        sql.text(") VALUES (");
        SelectBuilder.separated(
                sql, assignments(), assignment -> assignment.value().accept(sql));
        sql.text(")");
        if (onConflict != null) {
            onConflict.accept(sql);
        }
    }

    private void requireComplete() {
        Stream<AnyColumn<?>> set = assignments().stream().map(Assignment::column);
        List<AnyColumn<?>> given = set.toList();
        List<String> missing = target().columns().stream()
                .filter(column -> !column.isNullable() && !given.contains(column))
                .map(AnyColumn::name)
                .toList();
        if (!missing.isEmpty()) {
            throw new StatementException("NOT NULL columns of " + target() + " that are not set: " + missing);
        }
    }
}
