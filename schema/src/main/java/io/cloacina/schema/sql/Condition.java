package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A condition over columns, as in a {@code WHERE}, a check or a partial index. Immutable. */
public final class Condition {
    /**
     * How strongly the outermost operator binds, weakest first. A weaker condition inside a stronger one gets
     * parentheses.
     */
    private enum Binding {
        OR,
        AND,
        ATOM
    }

    private final Binding binding;
    private final Consumer<SqlWriter> writer;
    // The conditions of an AND; for any other condition, only itself.
    private final List<Condition> parts;
    private final @Nullable Comparison comparison;

    /** A condition that never needs parentheses. */
    Condition(Consumer<SqlWriter> writer) {
        this(Binding.ATOM, writer, List.of(), null);
    }

    private Condition(
            Binding binding, Consumer<SqlWriter> writer, List<Condition> parts, @Nullable Comparison comparison) {
        this.binding = binding;
        this.writer = writer;
        this.parts = parts.isEmpty() ? List.of(this) : parts;
        this.comparison = comparison;
    }

    /**
     * A comparison of a column with values.
     *
     * @param isEquality whether it is with a single value, for equality
     * @param slot where that value comes from, if it is a parameter; otherwise null
     */
    private record Comparison(
            AnyColumn<?> column,
            boolean isEquality,
            @Nullable Slot<?> slot) {}

    /** A comparison of a column with values; {@code isEquality} if it is with a single value, for equality. */
    static Condition comparison(
            AnyColumn<?> compared, boolean isEquality, @Nullable Slot<?> slot, Consumer<SqlWriter> writer) {
        return new Condition(Binding.ATOM, writer, List.of(), new Comparison(compared, isEquality, slot));
    }

    /** The text has this part somewhere, character by character. NULL has none. */
    public static Condition contains(AnyColumn<String> text, Operand<String> part) {
        ArgumentChecks.given("the text", text);
        ArgumentChecks.given("the part", part);
        return new Condition(sql -> {
            sql.text(sql.dialect().position() + "(").column(text).text(", ");
            sql.operand(part, text).text(") > 0");
        });
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
        SqlWriter sql = SqlWriter.forDdl(ArgumentChecks.given("the dialect", dialect));
        write(sql);
        return sql.sql();
    }

    /** The columns that this condition names, in order, as often as it names them; it must not have parameters. */
    List<AnyColumn<?>> columns() {
        SqlWriter sql = SqlWriter.forDdl(SqliteDialect.INSTANCE);
        write(sql);
        return sql.columns();
    }

    /**
     * Writes all conditions, as in a WHERE. If some of them fix one row of a table by a unique key, the others only
     * check that row, and are written so that no index serves them. Otherwise a planner with missing or old statistics
     * would prefer a partial index that had few rows to the key, and then read the dead entries that have accumulated
     * there.
     */
    static void writeAll(List<Condition> conditions, SqlWriter sql) {
        List<Condition> all =
                conditions.stream().flatMap(each -> each.parts.stream()).toList();
        Set<AnyColumn<?>> fixed = equalities(conditions).map(Comparison::column).collect(Collectors.toSet());
        String separator = "";
        for (Condition each : all) {
            sql.text(separator);
            AnyColumn<?> compared = each.comparison == null ? null : each.comparison.column;
            List<AnyColumn<?>> key = compared == null ? List.of() : keyAmong(fixed, compared.table());
            sql.guarding(!key.isEmpty() && !key.contains(compared), () -> each.writeWithin(Binding.AND, sql));
            separator = " AND ";
        }
    }

    /**
     * The slots that determine a row of the table, if a unique key does and at least one of its columns is compared
     * with a parameter; otherwise empty.
     *
     * @param changed the columns that the statement changes. No unique key may contain one of them or have a condition
     *     on one, because then the result of a member would depend on the members before it
     */
    static Optional<List<Slot<?>>> rowOfEach(List<Condition> conditions, Table table, List<AnyColumn<?>> changed) {
        List<Comparison> equalities = equalities(conditions).toList();
        List<AnyColumn<?>> key =
                keyAmong(equalities.stream().map(Comparison::column).collect(Collectors.toSet()), table);
        List<Slot<?>> slots = new ArrayList<>();
        for (Comparison each : equalities) {
            if (each.slot != null && key.contains(each.column)) {
                slots.add(each.slot);
            }
        }
        boolean dependsOnOrder = changed.contains(table.primaryKey())
                || table.indexes().stream()
                        .filter(Index::isUnique)
                        .anyMatch(index -> columnsOf(index).anyMatch(changed::contains));
        return slots.isEmpty() || dependsOnOrder ? Optional.empty() : Optional.of(slots);
    }

    private static Stream<AnyColumn<?>> columnsOf(Index index) {
        Stream<AnyColumn<?>> predicate = index.predicate().stream().flatMap(each -> each.columns().stream());
        return Stream.concat(index.parts().stream().map(IndexPart::column), predicate);
    }

    private static Stream<Comparison> equalities(List<Condition> conditions) {
        return conditions.stream()
                .flatMap(each -> each.parts.stream())
                .flatMap(each -> Stream.ofNullable(each.comparison))
                .filter(Comparison::isEquality);
    }

    /** The columns of a unique key of the table that are all among the given ones; empty if there is no such key. */
    private static List<AnyColumn<?>> keyAmong(Set<AnyColumn<?>> given, Table table) {
        if (given.contains(table.primaryKey())) {
            return List.of(table.primaryKey());
        }
        for (Index index : table.indexes()) {
            List<AnyColumn<?>> columns =
                    index.parts().stream().<AnyColumn<?>>map(IndexPart::column).toList();
            if (index.isUnique() && index.predicate().isEmpty() && given.containsAll(columns)) {
                return columns;
            }
        }
        return List.of();
    }

    void write(SqlWriter sql) {
        writer.accept(sql);
    }

    private Condition joined(Binding operator, String text, Condition other) {
        ArgumentChecks.given("the other condition", other);
        List<Condition> both = operator == Binding.AND
                ? Stream.concat(parts.stream(), other.parts.stream()).toList()
                : List.of();
        Consumer<SqlWriter> joined = sql -> {
            writeWithin(operator, sql);
            sql.text(text);
            other.writeWithin(operator, sql);
        };
        return new Condition(operator, joined, both, null);
    }

    private void writeWithin(Binding operator, SqlWriter sql) {
        boolean weaker = binding.compareTo(operator) < 0;
        sql.text(weaker ? "(" : "");
        write(sql);
        sql.text(weaker ? ")" : "");
    }
}
