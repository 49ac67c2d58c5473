package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A table joined with {@code LEFT JOIN}: a row may have no match in it, so none of its columns is a plain value. Read
 * it with {@link Row#orNull(Outer, java.util.function.BiFunction)}.
 */
public final class Outer<T extends Table> {
    private final T table;
    // One object for each column, so that a reader names the same object for each row.
    private final Map<AnyColumn<?>, NullableColumn<?>> columns = new ConcurrentHashMap<>();

    Outer(T table) {
        this.table = table;
    }

    /**
     * A column of the joined table, for a condition or an ordering: nullable here even if it is NOT NULL in its table.
     */
    @SuppressWarnings("unchecked") // the value under a column is made from it
    public <V> NullableColumn<V> column(Function<T, ? extends AnyColumn<V>> column) {
        AnyColumn<V> chosen = ArgumentChecks.given("the column", column).apply(table);
        if (chosen.table() != table) {
            throw new StatementException("column " + chosen + " is not of " + table + ", which is joined here");
        }
        return (NullableColumn<V>)
                columns.computeIfAbsent(chosen, own -> new NullableColumn<>(table, chosen.name(), chosen.type()));
    }

    /** Holds if a row was joined. */
    public Condition isPresent() {
        return new Condition(sql -> sql.column(table.primaryKey()).text(" IS NOT NULL"));
    }

    /** Holds if no row was joined. */
    public Condition isAbsent() {
        return new Condition(sql -> sql.column(table.primaryKey()).text(" IS NULL"));
    }

    T table() {
        return table;
    }
}
