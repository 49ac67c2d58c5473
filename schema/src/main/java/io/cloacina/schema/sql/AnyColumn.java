package io.cloacina.schema.sql;

import io.cloacina.api.Labeled;
import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.InvalidSchemaException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A column of a table, nullable or not. Comparisons follow SQL: a comparison with NULL is never true. A plain value
 * becomes a literal in the SQL text (so that a partial index can match); a {@link Parameter} is bound when the
 * statement runs.
 */
public abstract sealed class AnyColumn<V> extends Selectable<V> implements Operand<V>, IndexPart
        permits Column, NullableColumn {
    private final Table table;
    private final String name;
    private final boolean nullable;
    private final Map<String, Integer> laterLabels = new HashMap<>();
    private String description = "";
    private int since = 1;

    AnyColumn(Table table, String name, DataType<V> type, boolean nullable) {
        super(type);
        this.table = table;
        this.name = name;
        this.nullable = nullable;
    }

    /** The name in the database, without its table. */
    public final String name() {
        return name;
    }

    /** Whether the database accepts NULL here. */
    public final boolean isNullable() {
        return nullable;
    }

    /** The table this column belongs to. */
    public final Table table() {
        return table;
    }

    /** The schema version that introduced this column. */
    public final int sinceVersion() {
        return since;
    }

    /** The description of the column, for the reference of the schema; empty if there is none. */
    public final String description() {
        return description;
    }

    final void description(String text) {
        description = ArgumentChecks.given("the description", text);
    }

    final void since(int version) {
        since = Table.requireVersion(version);
    }

    /**
     * The check constraint on the values of this column in the given version of the schema, on both backends: the
     * values of an enum, the maximum length of a text.
     */
    public final Optional<String> valueCheck(int version) {
        if (laterLabels.isEmpty()) {
            return type().sharedCheck(name);
        }
        return Optional.of(type().labels().stream()
                .filter(label -> laterLabels.getOrDefault(label, 1) <= version)
                .map(label -> "'" + label.replace("'", "''") + "'")
                .collect(Collectors.joining(", ", name + " IN (", ")")));
    }

    /** The name of the constraint of {@link #valueCheck}. */
    public final String valueCheckName() {
        return table.tableName() + "_" + name + "_check";
    }

    /** The name of the constraint that replaces a type which a backend lacks. */
    public final String typeCheckName() {
        return table.tableName() + "_" + name + "_type";
    }

    final void laterValues(int version, List<V> values) {
        Table.requireVersion(version);
        for (V value : values) {
            if (!(value instanceof Labeled labeled)) {
                throw new InvalidSchemaException(this + " is not an enum: it has no closed set of values");
            }
            laterLabels.put(labeled.label(), version);
        }
    }

    /** {@code this = value}. */
    public final Condition eq(V value) {
        return compare("=", value);
    }

    /** {@code this = other}. */
    public final Condition eq(Operand<V> other) {
        return compare("=", other);
    }

    /** {@code this <> value}. */
    public final Condition ne(V value) {
        return compare("<>", value);
    }

    /** {@code this <> other}. */
    public final Condition ne(Operand<V> other) {
        return compare("<>", other);
    }

    /** {@code this < value}. */
    public final Condition lt(V value) {
        return compare("<", value);
    }

    /** {@code this < other}. */
    public final Condition lt(Operand<V> other) {
        return compare("<", other);
    }

    /** {@code this <= value}. */
    public final Condition le(V value) {
        return compare("<=", value);
    }

    /** {@code this <= other}. */
    public final Condition le(Operand<V> other) {
        return compare("<=", other);
    }

    /** {@code this > value}. */
    public final Condition gt(V value) {
        return compare(">", value);
    }

    /** {@code this > other}. */
    public final Condition gt(Operand<V> other) {
        return compare(">", other);
    }

    /** {@code this >= value}. */
    public final Condition ge(V value) {
        return compare(">=", value);
    }

    /** {@code this >= other}. */
    public final Condition ge(Operand<V> other) {
        return compare(">=", other);
    }

    /** {@code this IN (values)}; at least one value. */
    @SafeVarargs
    @SuppressWarnings("varargs") // only read
    public final Condition in(V first, V... more) {
        ArgumentChecks.given("the first value", first);
        List<V> rest = ArgumentChecks.all("the values", more);
        return Condition.comparison(this, false, null, sql -> {
            sql.column(this).text(" IN (").literal(this, first);
            rest.forEach(value -> sql.text(", ").literal(this, value));
            sql.text(")");
        });
    }

    private Condition compare(String operator, V value) {
        ArgumentChecks.given("the value", value);
        return Condition.comparison(
                this,
                operator.equals("="),
                null,
                sql -> sql.column(this).text(" ").text(operator).text(" ").literal(this, value));
    }

    private Condition compare(String operator, Operand<V> other) {
        ArgumentChecks.given("the operand", other);
        Consumer<SqlWriter> writer =
                sql -> sql.column(this).text(" ").text(operator).text(" ").operand(other, this);
        return other instanceof Parameter<V> parameter
                ? Condition.comparison(this, operator.equals("="), parameter.slot(toString(), type()), writer)
                : new Condition(writer);
    }

    @Override
    final void writeSelected(SqlWriter sql) {
        sql.column(this);
    }

    @Override
    public final AnyColumn<?> column() {
        return this;
    }

    @Override
    public final boolean isDescending() {
        return false;
    }

    /** {@code table.column}. */
    @Override
    public final String toString() {
        return table.tableName() + "." + name;
    }
}
