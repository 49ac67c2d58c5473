package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The common part of update and delete builders: the rows that they change.
 *
 * @param <P> the statement's argument
 */
public abstract sealed class FilteredChangeBuilder<P> extends ChangeBuilder<P> permits UpdateBuilder, DeleteBuilder {
    private final List<Condition> conditions = new ArrayList<>();
    private boolean everyRow;
    private boolean picks;

    FilteredChangeBuilder() {}

    /** Restricts the change to rows for which all conditions hold. Calls add up. */
    public void where(Condition... all) {
        conditions.addAll(ArgumentChecks.all("the conditions", all));
    }

    /** Changes every row of the table. Without this call, an update or delete without a condition is refused. */
    public void everyRow() {
        everyRow = true;
    }

    /**
     * Restricts the change to rows that the select picks, and claims them: no other transaction gets the same row at
     * the same time. PostgreSQL skips rows that another transaction has locked ({@code SKIP LOCKED}); SQLite has one
     * writer, and a statement with a claim runs only in a write transaction. The select returns primary keys of the
     * changed table and cannot use columns of the surrounding statement: it is run once.
     *
     * @param key the primary key of the changed table
     * @param select returns the primary key of the row to claim
     */
    public <V> void claim(Column<V> key, Function<SelectBuilder<P>, Column<V>> select) {
        pick(key, select, Dialect::claimed);
    }

    /**
     * As {@link #claim}, but on PostgreSQL it does not conflict with transactions that store rows which refer to a
     * picked row (such as a task that names its runner), and such rows may be added until this transaction ends. A
     * claim skips such a row, and blocks new references to it.
     */
    public <V> void hold(Column<V> key, Function<SelectBuilder<P>, Column<V>> select) {
        pick(key, select, Dialect::held);
    }

    /** How a dialect writes the condition that the column is among the picked rows. */
    private interface Picking {
        String condition(Dialect dialect, String column, String select, String lockedAlias);
    }

    private <V> void pick(Column<V> key, Function<SelectBuilder<P>, Column<V>> select, Picking picking) {
        ArgumentChecks.given("the primary key", key);
        ArgumentChecks.given("the select", select);
        SelectBuilder<P> inner = new SelectBuilder<>(this);
        Column<V> picked = select.apply(inner);
        if (key != target().primaryKey() || !isKeyOfTarget(picked)) {
            throw new StatementException(
                    "a claim compares and picks the primary key of " + target() + ", not " + key + " and " + picked);
        }
        Selection<?> selection = Selection.of(row -> row.get(picked), inner::requireSelectable);
        picks = true;
        where(new Condition(sql -> {
            String text = sql.nested(inner, () -> inner.write(sql, selection));
            String column = target().tableName() + "." + key.name();
            String locked = picked.table().source().qualifier();
            sql.text(picking.condition(sql.dialect(), column, text, locked));
        }));
    }

    private boolean isKeyOfTarget(Column<?> picked) {
        return picked == picked.table().primaryKey()
                && picked.table().tableName().equals(target().tableName());
    }

    /**
     * Empty if a select picks the rows, because for a set of arguments it would run once, not once for each argument.
     * Also empty if keys change, because another argument may then mean the same row.
     */
    @Override
    final Optional<List<Slot<?>>> rowOfEach() {
        List<AnyColumn<?>> changed =
                assignments().stream().<AnyColumn<?>>map(Assignment::column).toList();
        return picks ? Optional.empty() : Condition.rowOfEach(conditions, target(), changed);
    }

    final void writeWhere(SqlWriter sql) {
        if (conditions.isEmpty() != everyRow) {
            throw new StatementException(
                    everyRow
                            ? "everyRow() and where(...) contradict each other"
                            : "no where(...): call everyRow() to change every row");
        }
        if (!everyRow) {
            sql.text(" WHERE ");
            Condition.writeAll(conditions, sql);
        }
    }
}
