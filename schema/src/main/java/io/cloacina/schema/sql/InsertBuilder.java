package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes an insert of one row per argument. Every NOT NULL column must be set; a nullable column that is not set is
 * NULL.
 *
 * @param <P> the statement's argument
 */
public final class InsertBuilder<P> extends ChangeBuilder<P> {
    private @Nullable OnConflict onConflict;

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

    /** Sets what happens when a row with the same primary or unique key exists. Default: an error. */
    public OnConflict onConflict(AnyColumn<?>... key) {
        if (onConflict != null) {
            throw new StatementException("onConflict(...) is set twice");
        }
        OnConflict made = new OnConflict(ArgumentChecks.all("the columns of the key", key));
        onConflict = made;
        return made;
    }

    /** What an insert does when a row with the same key exists. */
    public final class OnConflict {
        private final List<AnyColumn<?>> key;
        private @Nullable Consumer<SqlWriter> action;

        private OnConflict(List<AnyColumn<?>> key) {
            this.key = key;
        }

        /** Leaves the existing row unchanged; the insert counts 0 rows. */
        public void doNothing() {
            action = sql -> sql.text(" DO NOTHING");
        }

        /** Sets these columns of the existing row to the values of the insert. */
        public void overwrite(AnyColumn<?>... columns) {
            List<AnyColumn<?>> overwritten = ArgumentChecks.all("the columns", columns);
            if (overwritten.isEmpty()) {
                throw new StatementException("overwrite() without columns; call doNothing() instead");
            }
            action = sql -> {
                overwritten.forEach(this::requireSet);
                sql.text(" DO UPDATE SET ");
                sql.separated(
                        overwritten,
                        column -> sql.text(column.name()).text(" = excluded.").text(column.name()));
            };
        }

        private void write(SqlWriter sql) {
            if (action == null) {
                throw new StatementException("onConflict" + key + " has neither doNothing() nor overwrite(...)");
            }
            sql.text(" ON CONFLICT (");
            sql.separated(key, column -> sql.text(column.name()));
            sql.text(")");
            // PostgreSQL infers a partial unique index only if its condition is given.
            uniqueKey()
                    .flatMap(Index::predicate)
                    .ifPresent(predicate -> sql.text(" WHERE ").text(predicate.ddl(sql.dialect())));
            action.accept(sql);
        }

        /** The unique index on the key; empty for the primary key. */
        private Optional<Index> uniqueKey() {
            if (key.equals(List.of(target().primaryKey()))) {
                return Optional.empty();
            }
            return Optional.of(target().indexes().stream()
                    .filter(index -> index.isUnique() && index.parts().equals(key))
                    .findFirst()
                    .orElseThrow(
                            () -> new StatementException("onConflict" + key + " is not a unique key of " + target())));
        }

        private void requireSet(AnyColumn<?> column) {
            if (assignments().stream().noneMatch(assignment -> assignment.column() == column)) {
                throw new StatementException("overwrites column " + column + ", which the insert does not set");
            }
        }
    }

    @Override
    boolean mayInsertNothing() {
        return onConflict != null;
    }

    /** Empty if a member may insert nothing, because a set cannot report which of its members inserted a row. */
    @Override
    Optional<List<Slot<?>>> rowOfEach() {
        return mayInsertNothing() ? Optional.empty() : Optional.of(List.of());
    }

    @Override
    void write(SqlWriter sql) {
        requireComplete();
        sql.text("INSERT INTO ").text(target().tableName()).text(" (");
        sql.separated(assignments(), assignment -> sql.text(assignment.column().name()));
        sql.text(sql.isForSet() ? ") SELECT " : ") VALUES (");
        sql.separated(assignments(), assignment -> assignment.value().accept(sql));
        sql.text(sql.isForSet() ? "" : ")").members(" FROM ");
        if (onConflict != null) {
            onConflict.write(sql);
        }
    }

    private void requireComplete() {
        Set<AnyColumn<?>> given = assignments().stream().map(Assignment::column).collect(Collectors.toSet());
        List<String> missing = target().columns().stream()
                .filter(column -> !column.isNullable() && !given.contains(column))
                .map(AnyColumn::name)
                .toList();
        if (!missing.isEmpty()) {
            throw new StatementException("NOT NULL columns of " + target() + " that are not set: " + missing);
        }
    }
}
