package io.cloacina.schema.migration;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.type.Backend;
import java.util.function.Function;

/** The value of a new NOT NULL column in existing rows. */
public final class Backfill {
    private final Column<?> column;
    private final Function<Dialect, String> expression;

    private Backfill(Column<?> column, Function<Dialect, String> expression) {
        this.column = ArgumentChecks.given("the column", column);
        this.expression = expression;
    }

    /** The same value in every row. */
    public static <V> Backfill constant(Column<V> column, V value) {
        ArgumentChecks.given("the value", value);
        return new Backfill(
                column, dialect -> column.type().codec(dialect.backend()).literal(value));
    }

    /** An SQL expression over the columns of the row, given for each backend. */
    public static Backfill expression(Column<?> column, String sqlite, String postgres) {
        ArgumentChecks.given("the SQL for SQLite", sqlite);
        ArgumentChecks.given("the SQL for PostgreSQL", postgres);
        return new Backfill(column, dialect -> dialect.backend() == Backend.SQLITE ? sqlite : postgres);
    }

    Column<?> column() {
        return column;
    }

    String sql(Dialect dialect) {
        return expression.apply(dialect);
    }
}
