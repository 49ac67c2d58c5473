package io.cloacina.schema.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one SQL text: qualifies columns by their alias, refuses those that are not in scope, and collects the placeholders.
 */
final class SqlWriter {
    private final StringBuilder text = new StringBuilder();
    private final List<Slot<?>> slots = new ArrayList<>();
    private final List<AnyColumn<?>> columns = new ArrayList<>();
    private final Dialect dialect;
    private @Nullable Builder<?> scope;
    private final boolean isForSet;
    private boolean isGuarding;
    private int membersAt;

    private SqlWriter(Dialect dialect, @Nullable Builder<?> scope, boolean isForSet) {
        this.dialect = dialect;
        this.scope = scope;
        this.isForSet = isForSet;
    }

    static SqlWriter forDdl(Dialect dialect) {
        return new SqlWriter(dialect, null, false);
    }

    static SqlWriter forStatement(Dialect dialect, Builder<?> scope) {
        return new SqlWriter(dialect, scope, false);
    }

    /**
     * For a change that runs for many arguments at once, see {@link ComposedSet}: placeholders become columns of its members.
     */
    static SqlWriter forSet(Dialect dialect, Builder<?> scope) {
        return new SqlWriter(dialect, scope, true);
    }

    boolean isForSet() {
        return isForSet;
    }

    /** Marks the place for the members of a set, after FROM or USING; writes nothing in a statement for one argument. */
    SqlWriter members(String keyword) {
        if (isForSet) {
            text(keyword);
            membersAt = text.length();
        }
        return this;
    }

    SqlWriter text(String sql) {
        text.append(sql);
        return this;
    }

    SqlWriter column(AnyColumn<?> column) {
        columns.add(column);
        if (scope == null) {
            return text(column.name());
        }
        scope.requireInScope(column);
        String qualifier = column.table().source().qualifier();
        String table = column.table().tableName();
        String named = (qualifier.equals(Source.BY_TABLE_NAME) ? table : qualifier) + "." + column.name();
        return text(isGuarding ? dialect.unindexed(named) : named);
    }

    /**
     * Writes a condition. If it only checks a row that a unique key fixes, its columns are written so that no index serves
     * them.
     */
    void guarding(boolean isGuard, Runnable condition) {
        isGuarding = isGuard;
        condition.run();
        isGuarding = false;
    }

    <V> SqlWriter literal(AnyColumn<V> column, V value) {
        return text(column.type().codec(dialect.backend()).literal(value));
    }

    /** Writes the operand that {@code peer} is compared with or set to; a parameter takes its type from {@code peer}. */
    <V> SqlWriter operand(Assignable<V> operand, AnyColumn<V> peer) {
        if (operand instanceof Parameter<V> parameter) {
            return placeholder(parameter.statement(), parameter.slot(peer.toString(), peer.type()));
        }
        if (operand instanceof NullableParameter<V> parameter) {
            return placeholder(parameter.statement(), parameter.slot(peer.toString(), peer.type()));
        }
        return column((AnyColumn<V>) operand);
    }

    SqlWriter placeholder(Object statement, Slot<?> slot) {
        if (scope == null || !scope.isWithin(statement)) {
            throw new StatementException(
                    "the parameter for " + slot.name() + " is of another statement, or is used where none is allowed");
        }
        slots.add(slot);
        return text(isForSet ? ComposedSet.column(slots.size()) : "?");
    }

    <T> void separated(List<? extends T> items, Consumer<T> write) {
        String separator = "";
        for (T item : items) {
            text(separator);
            write.accept(item);
            separator = ", ";
        }
    }

    /** Writes a part of the statement that has tables of its own, and returns its text. */
    String nested(Builder<?> inner, Runnable part) {
        Builder<?> outer = scope;
        int start = text.length();
        scope = inner;
        part.run();
        scope = outer;
        String written = text.substring(start);
        text.setLength(start);
        return written;
    }

    Dialect dialect() {
        return dialect;
    }

    String sql() {
        return isForSet
                ? text.substring(0, membersAt) + ComposedSet.members(slots, dialect) + text.substring(membersAt)
                : text.toString();
    }

    /** The placeholders so far. */
    List<Slot<?>> slots() {
        return slots;
    }

    /** The columns that were named so far. */
    List<AnyColumn<?>> columns() {
        return columns;
    }

    SqlText named(String statement) {
        return new SqlText(statement, sql(), slots);
    }
}
