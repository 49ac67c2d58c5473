package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The common part of all statement builders: tables and parameters. For use inside the lambda that writes the
 * statement, in one thread.
 *
 * @param <P> the type of the statement's argument: one value, or a record of several
 */
public abstract sealed class Builder<P> permits SelectBuilder, ChangeBuilder {
    private final @Nullable Builder<P> outer;
    private final List<Table> tables = new ArrayList<>();
    // The tables of the whole statement, including its parts; used only in the outermost builder.
    private final List<Table> all = new ArrayList<>();
    private int aliases;

    Builder(@Nullable Builder<P> outer) {
        this.outer = outer;
    }

    /** The whole argument as a parameter. */
    @SuppressWarnings("unchecked") // the argument is a P: running a statement requires one
    public Parameter<P> arg() {
        return new Parameter<>(root(), argument -> (P) argument);
    }

    /** A part of the argument as a parameter; it must not be null when the statement runs. */
    @SuppressWarnings("unchecked") // as above
    public <V> Parameter<V> arg(Function<? super P, ? extends V> part) {
        return new Parameter<>(root(), (Function<Object, ? extends V>) given(part));
    }

    /** A part of the argument as a parameter that may be null, for a nullable column. */
    @SuppressWarnings("unchecked") // as above
    public <V> NullableParameter<V> argOrNull(Function<? super P, ? extends @Nullable V> part) {
        return new NullableParameter<>(root(), (Function<Object, ? extends @Nullable V>) given(part));
    }

    private static <T> T given(T part) {
        return ArgumentChecks.given("the part of the argument", part);
    }

    /** Opens a table with the next alias. */
    final <T extends Table> T open(Function<Source, T> table) {
        return open(ArgumentChecks.given("the table", table), nextAlias());
    }

    final <T extends Table> T open(Function<Source, T> table, String qualifier) {
        T opened = ArgumentChecks.given("the table", table).apply(new Source(qualifier));
        tables.add(opened);
        root().all.add(opened);
        return opened;
    }

    /** Every table of the statement, including those of its parts. */
    final List<Table> tables() {
        return root().all;
    }

    private String nextAlias() {
        Builder<P> root = root();
        return "t" + root.aliases++;
    }

    /** Refuses a column that is not in scope: only tables that were opened in this builder are. */
    final void requireInScope(AnyColumn<?> column) {
        for (Table known : tables) {
            if (known == column.table()) {
                return;
            }
        }
        throw new StatementException("column " + column + " is of a table that is not part of this statement");
    }

    /** Refuses a value that a row of this statement cannot have. */
    final void requireSelectable(Selectable<?> selected) {
        if (selected instanceof AnyColumn<?> column) {
            requireInScope(column);
        } else if (!((Expression<?>) selected).isOf(this)) {
            throw new StatementException(selected + " is of another statement");
        }
    }

    final boolean isWithin(Object statement) {
        return root() == statement;
    }

    private Builder<P> root() {
        return outer == null ? this : Objects.requireNonNull(outer).root();
    }
}
