package io.cloacina.schema.sql;

import java.util.function.Consumer;

/** A condition over columns, as in a {@code WHERE}, a check or a partial index. Immutable. */
public final class Condition {
    private final Consumer<SqlWriter> writer;

    Condition(Consumer<SqlWriter> writer) {
        this.writer = writer;
    }

    /** Both hold. */
    public Condition and(Condition other) {
        return joined(" AND ", other);
    }

    /** At least one holds. */
    public Condition or(Condition other) {
        return joined(" OR ", other);
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

    void write(SqlWriter sql) {
        writer.accept(sql);
    }

    private Condition joined(String operator, Condition other) {
        return new Condition(sql -> {
            sql.text("(");
            write(sql);
            sql.text(operator);
            other.write(sql);
            sql.text(")");
        });
    }
}
