package io.cloacina.schema.sql;

import io.cloacina.schema.internal.ArgumentChecks;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.InvalidValueException;
import io.cloacina.schema.type.PayloadForm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a select: tables, joins along declared foreign keys, conditions, order. The {@link RowReader} that the lambda
 * returns determines the selected columns.
 *
 * @param <P> the statement's argument
 */
public final class SelectBuilder<P> extends Builder<P> {
    private static final String RELATION = "the foreign key";

    private final List<Consumer<SqlWriter>> from = new ArrayList<>();
    private final List<Condition> conditions = new ArrayList<>();
    private final List<AnyColumn<?>> groups = new ArrayList<>();
    private final List<Ordering<?>> orderings = new ArrayList<>();
    private @Nullable Consumer<SqlWriter> limit;
    private boolean counts;
    private String firstAlias = "";
    private String firstTable = "";

    SelectBuilder(@Nullable Builder<P> outer) {
        super(outer);
    }

    /** Sets the first table. */
    public <T extends Table> T from(Function<Source, T> table) {
        if (!firstAlias.isEmpty()) {
            throw new StatementException("from(...) is set twice; add further tables with join(...)");
        }
        T opened = open(table);
        firstAlias = opened.source().qualifier();
        firstTable = opened.tableName();
        from.add(sql -> sql.text(firstTable).text(" ").text(firstAlias));
        return opened;
    }

    /**
     * Adds a table that no foreign key leads to: the cross product with the rows so far, to be restricted by
     * {@code where}.
     */
    public <T extends Table> T crossJoin(Function<Source, T> table) {
        T opened = open(table);
        // Not CROSS JOIN, which on SQLite also determines the order of the loops.
        from.add(sql -> sql.text(" JOIN ")
                .text(opened.tableName())
                .text(" ")
                .text(opened.source().qualifier())
                .text(" ON true"));
        return opened;
    }

    /** Joins the row that a foreign key refers to. Rows whose reference is NULL are left out. */
    public <T extends Table> T join(ForeignKey<T> relation) {
        return toParent(" JOIN ", relation);
    }

    /** Joins the row that a foreign key refers to, if there is one. */
    public <T extends Table> Outer<T> leftJoin(ForeignKey<T> relation) {
        return new Outer<>(toParent(" LEFT JOIN ", relation));
    }

    /** Joins the row that a foreign key of an outer-joined table refers to, if there is one. */
    public <T extends Table, S extends Table> Outer<T> leftJoin(Outer<S> child, Function<S, ForeignKey<T>> relation) {
        ArgumentChecks.given(RELATION, relation);
        return leftJoin(relation.apply(ArgumentChecks.given("the child", child).table()));
    }

    /** Joins all rows of {@code child} that refer to {@code parent}; a parent without any is left out. */
    public <T extends Table, C extends Table> C join(
            T parent, Function<Source, C> child, Function<C, ForeignKey<T>> relation) {
        return toChild(" JOIN ", parent, child, relation);
    }

    /** Joins all rows of {@code child} that refer to {@code parent}; a parent without any is kept. */
    public <T extends Table, C extends Table> Outer<C> leftJoin(
            T parent, Function<Source, C> child, Function<C, ForeignKey<T>> relation) {
        return new Outer<>(toChild(" LEFT JOIN ", parent, child, relation));
    }

    /** Joins all rows of {@code child} that refer to an outer-joined {@code parent}, if there are any. */
    public <T extends Table, C extends Table> Outer<C> leftJoin(
            Outer<T> parent, Function<Source, C> child, Function<C, ForeignKey<T>> relation) {
        return new Outer<>(toChild(
                " LEFT JOIN ", ArgumentChecks.given("the parent", parent).table(), child, relation));
    }

    /**
     * Holds if a row of {@code child} refers to {@code parent} and satisfies a condition; its columns can be used only
     * in that condition. Each row of {@code parent} is looked up separately: an {@code OFFSET} keeps PostgreSQL's
     * planner from turning it into a join, which can read all of {@code child}.
     */
    public <T extends Table, C extends Table> Condition exists(
            T parent, Function<Source, C> child, Function<C, ForeignKey<T>> relation, Function<C, Condition> where) {
        ArgumentChecks.given("the condition", where);
        C opened = openChild(parent, child, relation);
        ForeignKey<T> key = relation.apply(opened);
        Condition condition = where.apply(opened);
        return new Condition(sql -> {
            sql.text("EXISTS (SELECT 1 FROM " + opened.tableName() + " "
                    + opened.source().qualifier() + " WHERE ");
            sql.column(key.column()).text(" = ").column(key.keyOf(parent)).text(" AND ");
            Condition.writeAll(List.of(condition), sql);
            sql.text(" LIMIT 1 OFFSET 0)");
        });
    }

    /**
     * Holds if a row refers to the one row for which a condition holds, which is found once and before all others. It
     * is written as a range of one value: rows that are ordered by the referring column and a further one are then read
     * from the index of both; with an equality PostgreSQL might read all rows in the order of the further column
     * instead.
     *
     * @param where holds for one row at most, such as the value of a unique column
     */
    public <T extends Table> Condition refersTo(ForeignKey<T> relation, Function<T, Condition> where) {
        ArgumentChecks.given(RELATION, relation);
        ArgumentChecks.given("the condition", where);
        T opened = open(relation::open);
        Condition condition = where.apply(opened);
        return new Condition(sql -> {
            for (String comparison : List.of(" >= (SELECT ", " <= (SELECT ")) {
                sql.text(comparison.startsWith(" <") ? " AND " : "").column(relation.column());
                sql.text(comparison).column(relation.keyOf(opened));
                sql.text(" FROM " + opened.tableName() + " " + opened.source().qualifier() + " WHERE ");
                Condition.writeAll(List.of(condition), sql);
                sql.text(")");
            }
        });
    }

    /** Keeps the rows for which all conditions hold. Calls add up. */
    public void where(Condition... all) {
        conditions.addAll(ArgumentChecks.all("the conditions", all));
    }

    /** Groups by these columns, for counting; no other columns can be read then. */
    public void groupBy(AnyColumn<?>... columns) {
        groups.addAll(ArgumentChecks.all("the columns", columns));
    }

    /** The number of rows, or of rows in each group. */
    public Expression<Long> count() {
        counts = true;
        return new Expression<>(this, "count(*)", DataType.BIGINT);
    }

    /** The total size of these texts and binaries in bytes, texts in UTF-8, computed without reading them. */
    public Expression<Long> bytes(List<? extends AnyColumn<?>> columns) {
        List<AnyColumn<?>> all = ArgumentChecks.all("the columns", columns);
        all.forEach(this::requireInScope);
        String text = all.stream()
                .map(column -> "CAST(coalesce(octet_length("
                        + column.table().source().qualifier() + "." + column.name() + "), 0) AS bigint)")
                .collect(Collectors.joining(" + "));
        return new Expression<>(this, text.isEmpty() ? "CAST(0 AS bigint)" : text, DataType.BIGINT);
    }

    /** The first characters of a text, empty for NULL; the rest is not read. */
    public Expression<String> beginning(AnyColumn<String> text, int characters) {
        requireInScope(ArgumentChecks.given("the text", text));
        String named = text.table().source().qualifier() + "." + text.name();
        String beginning = text.type().isPayload()
                ? PayloadForm.beginning(named, characters)
                : "coalesce(substr(" + named + ", 1, " + characters + "), '')";
        return new Expression<>(this, beginning, text.type());
    }

    /** Sorts the result. */
    public void orderBy(Ordering<?>... by) {
        orderings.addAll(ArgumentChecks.all("the orderings", by));
    }

    /**
     * Sorts the result and begins after a position: the values of the last row of the page before. All parts have the
     * same direction, and the last should be unique. For the first page, pass the largest or smallest values of the
     * types.
     */
    public void keyset(KeysetPart<?>... parts) {
        List<KeysetPart<?>> all = ArgumentChecks.all("the parts", parts);
        if (all.isEmpty()) {
            throw new StatementException("a keyset page needs at least one column");
        }
        boolean descending = all.get(0).ordering().isDescending();
        for (KeysetPart<?> part : all) {
            if (part.ordering().isDescending() != descending) {
                throw new StatementException("all parts of a keyset page must have the same direction");
            }
            if (part.ordering().column().isNullable()) {
                throw new StatementException("keyset column " + part.ordering().column() + " may be NULL");
            }
            orderings.add(part.ordering());
        }
        conditions.add(new Condition(sql -> {
            sql.text("(");
            sql.separated(all, part -> sql.column(part.ordering().column()));
            sql.text(descending ? ") < (" : ") > (");
            sql.separated(all, part -> part.writePosition(sql));
            sql.text(")");
        }));
    }

    /** Limits the result to this many rows. */
    public void limit(int rows) {
        notNegative(rows);
        limit(sql -> sql.text(Integer.toString(rows)));
    }

    /** Limits the result to this many rows; a negative number is refused when the statement runs. */
    public void limit(Parameter<Integer> rows) {
        ArgumentChecks.given("the limit", rows);
        limit(sql -> sql.placeholder(
                rows.statement(), rows.slot("the limit", DataType.INTEGER, SelectBuilder::notNegative)));
    }

    /** Returns only the row after {@code skipped} rows, if there is one. */
    public void only(int skipped) {
        notNegative(skipped);
        limit(sql -> sql.text("1 OFFSET " + skipped));
    }

    private void limit(Consumer<SqlWriter> written) {
        if (limit != null) {
            throw new StatementException("limit(...) is set twice");
        }
        limit = written;
    }

    /** PostgreSQL refuses a negative limit; SQLite treats it as no limit. */
    private static int notNegative(int rows) {
        if (rows < 0) {
            throw new InvalidValueException("a limit must not be negative: " + rows);
        }
        return rows;
    }

    void write(SqlWriter sql, Selection<?> selection) {
        if (firstAlias.isEmpty()) {
            throw new StatementException("no table: begin with from(...)");
        }
        if (counts || !groups.isEmpty()) {
            selection.columns().forEach(this::requireOneInGroup);
            orderings.forEach(ordering -> requireOneInGroup(ordering.column()));
        }
        sql.text("SELECT ");
        selection.write(sql);
        sql.text(" FROM ");
        from.forEach(part -> part.accept(sql));
        if (!conditions.isEmpty()) {
            sql.text(" WHERE ");
            Condition.writeAll(conditions, sql);
        }
        if (!groups.isEmpty()) {
            sql.text(" GROUP BY ");
            sql.separated(groups, sql::column);
        }
        if (!orderings.isEmpty()) {
            sql.text(" ORDER BY ");
            sql.separated(orderings, ordering -> ordering.write(sql));
        }
        if (limit != null) {
            sql.text(" LIMIT ");
            limit.accept(sql);
        }
    }

    /** Refuses a column that is not grouped by, for which SQLite would return the value of an arbitrary row. */
    private void requireOneInGroup(Selectable<?> selected) {
        if (selected instanceof AnyColumn<?> column && !groups.contains(column)) {
            throw new StatementException(
                    "column " + column + " is not grouped by, so it has no single value beside a count");
        }
    }

    private <T extends Table> T toParent(String join, ForeignKey<T> relation) {
        ArgumentChecks.given(RELATION, relation);
        T parent = open(relation::open);
        writeJoin(join, parent, relation.column(), relation.keyOf(parent));
        return parent;
    }

    private <T extends Table, C extends Table> C toChild(
            String join, T parent, Function<Source, C> child, Function<C, ForeignKey<T>> relation) {
        C opened = openChild(parent, child, relation);
        ForeignKey<T> key = relation.apply(opened);
        if (key.column().table() != opened) {
            throw new StatementException("relation " + key.name() + " is not of " + opened + ", which is joined here");
        }
        writeJoin(join, opened, key.column(), key.keyOf(parent));
        return opened;
    }

    private <T extends Table, C extends Table> C openChild(
            T parent, Function<Source, C> child, Function<C, ForeignKey<T>> relation) {
        ArgumentChecks.given("the parent", parent);
        ArgumentChecks.given(RELATION, relation);
        return open(child);
    }

    private void writeJoin(String join, Table joined, AnyColumn<?> referring, AnyColumn<?> referred) {
        from.add(sql -> sql.text(join)
                .text(joined.tableName())
                .text(" ")
                .text(joined.source().qualifier())
                .text(" ON ")
                .column(referring)
                .text(" = ")
                .column(referred));
    }
}
