package io.cloacina.schema.sql;

import java.util.List;
import java.util.function.Consumer;

/** A condition over columns, as in a {@code WHERE}, a check or a partial index. Immutable. */
public final class Condition {
    /** How strongly the outermost operator binds, weakest first: what is weaker inside gets parentheses. */
    private enum Binding {
        OR,
        AND,
        ATOM
    }

    private final Binding binding;
    private final Consumer<SqlWriter> writer;

    /** A condition that stands beside any operator as it is written. */
    Condition(Consumer<SqlWriter> writer) {
        this(Binding.ATOM, writer);
    }

    private Condition(Binding binding, Consumer<SqlWriter> writer) {
        this.binding = binding;
        this.writer = writer;
    }

    /** Both hold. */
    public Condition and(Condition other) {
        return joined(Binding.AND, " AND ", other);
    }

    /** At least one holds. */
    public Condition or(Condition other) {
        return joined(Binding.OR, " OR ", other);
    }

    /** This does not hold. NULL stays NULL, as in SQL. */
    public Condition not() {
        return new Condition(sql -> {
            sql.text("NOT (");
            write(sql);
            sql.text(")");
        });
    }

    /** The text for DDL: columns without qualifier, literals only. */
    public String ddl(Dialect dialect) {
        SqlWriter sql = SqlWriter.forDdl(dialect);
        write(sql);
        return sql.sql();
    }

    /** The columns that it names, in order, as often as it names them; there must be no parameters. */
    List<AnyColumn<?>> columns() {
        SqlWriter sql = SqlWriter.forDdl(SqliteDialect.INSTANCE);
        write(sql);
        return sql.columns();
    }

    static Condition all(List<Condition> conditions) {
        return conditions.stream().reduce(Condition::and).orElseThrow();
    }

    void write(SqlWriter sql) {
        writer.accept(sql);
    }

    private Condition joined(Binding operator, String text, Condition other) {
        return new Condition(operator, sql -> {
            writeWithin(operator, sql);
            sql.text(text);
            other.writeWithin(operator, sql);
        });
    }

    private void writeWithin(Binding operator, SqlWriter sql) {
        boolean weaker = binding.compareTo(operator) < 0;
        sql.text(weaker ? "(" : "");
        write(sql);
        sql.text(weaker ? ")" : "");
    }
}
