package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The common part of insert, update and delete builders: one table that they change.
 *
 * @param <P> the statement's argument
 */
public abstract sealed class ChangeBuilder<P> extends Builder<P> permits InsertBuilder, FilteredChangeBuilder {
    private final List<Assignment> assignments = new ArrayList<>();
    private @Nullable Table target;

    ChangeBuilder() {
        super(null);
    }

    /** A column and the value that it is set to; {@code slot} is null unless that is a parameter. */
    record Assignment(
            AnyColumn<?> column,
            Consumer<SqlWriter> value,
            @Nullable Slot<?> slot) {
        Assignment {
            ArgumentChecks.given("the column", column);
        }
    }

    final <T extends Table> T target(Function<Source, T> table) {
        if (target != null) {
            throw new StatementException("a statement can change only one table; " + target + " is already set");
        }
        T opened = open(table, Source.BY_TABLE_NAME);
        target = opened;
        return opened;
    }

    final Table target() {
        if (target == null) {
            throw new StatementException("no table: set the table of the statement first");
        }
        return target;
    }

    final List<Assignment> assignments() {
        return assignments;
    }

    final <V> void assign(AnyColumn<V> column, V value) {
        ArgumentChecks.given("the value", value);
        add(new Assignment(column, sql -> sql.literal(column, value), null));
    }

    final <V> void assign(AnyColumn<V> column, Assignable<V> value) {
        ArgumentChecks.given("the column", column);
        ArgumentChecks.given("the value", value);
        Slot<?> slot = null;
        if (value instanceof Parameter<V> parameter) {
            slot = parameter.slot(column.toString(), column.type());
        } else if (value instanceof NullableParameter<V> parameter) {
            slot = parameter.slot(column.toString(), column.type());
        }
        add(new Assignment(column, sql -> sql.operand(value, column), slot));
    }

    final void add(Assignment assignment) {
        if (assignment.column().table() != target()) {
            throw new StatementException(
                    "column " + assignment.column() + " is not of " + target() + ", the table that is changed");
        }
        if (assignments.stream().anyMatch(other -> other.column() == assignment.column())) {
            throw new StatementException("column " + assignment.column() + " is set twice");
        }
        assignments.add(assignment);
    }

    boolean mayInsertNothing() {
        return false;
    }

    /** The queries that find which foreign key an argument violates. */
    final List<ReferenceProbe<?>> probes(Dialect dialect) {
        List<ReferenceProbe<?>> probes = new ArrayList<>();
        for (ForeignKey<?> key : target().foreignKeys()) {
            for (Assignment assignment : assignments) {
                if (assignment.column() == key.column() && assignment.slot() != null) {
                    probes.add(new ReferenceProbe<>(key, assignment.slot(), dialect));
                }
            }
        }
        return probes;
    }

    /**
     * The slots that determine the row which an argument changes, if each argument can change at most one row, so that
     * a set of arguments can be one statement; empty if an argument may change more.
     */
    abstract Optional<List<Slot<?>>> rowOfEach();

    abstract void write(SqlWriter sql);
}
