package io.cloacina.schema.copy;

import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.sql.InsertBuilder;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.RowReader;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.SelectBuilder;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements that read and fill one table, whatever its columns are; all are derived from its definition. */
final class TableStatements {
    /** The largest number of rows in a page. */
    static final int PAGE_ROWS = 1_000;

    /** The largest number of bytes of texts and binaries in a page of more than one row. */
    private static final long PAGE_BYTES = 4 << 20;

    private static final Set<String> UNBOUNDED =
            Set.of(DataType.TEXT.name(), DataType.JSON.name(), DataType.BINARY.name());

    private final Table table;
    private final Select<NoArgument, Long> count;
    private final Select<NoArgument, Object> greatestKey;
    private final Select<NoArgument, Size> firstSizes;
    private final Select<Object, Size> nextSizes;
    private final Select<Span, StoredRow> firstRows;
    private final Select<Span, StoredRow> nextRows;
    private final Command<StoredRow> insert;
    private final List<SelfReference> selfReferences;

    /** A row by its key, and its number of bytes of texts and binaries. */
    private record Size(Object key, long bytes) {}

    TableStatements(Statements statements, Function<Source, ? extends Table> constructor) {
        table = Schema.define(constructor);
        count = statements.select(table + "-count", q -> {
            q.from(constructor);
            var rows = q.count();
            return row -> row.get(rows);
        });
        greatestKey = statements.select(table + "-greatest-key", q -> {
            Column<?> key = q.from(constructor).primaryKey();
            q.orderBy(key.desc());
            q.limit(1);
            return row -> row.get(key);
        });
        firstSizes = statements.select(table + "-first-sizes", q -> sizes(q, q.from(constructor)));
        nextSizes = statements.select(table + "-next-sizes", q -> {
            Table opened = q.from(constructor);
            q.where(isAfter(q, opened.primaryKey(), key -> key));
            return sizes(q, opened);
        });
        firstRows = statements.select(table + "-first-rows", q -> rows(q, q.from(constructor)));
        nextRows = statements.select(table + "-next-rows", q -> {
            Table opened = q.from(constructor);
            q.where(isAfter(q, opened.primaryKey(), TableStatements::after));
            return rows(q, opened);
        });
        selfReferences = SelfReference.of(table, statements, constructor);
        insert = statements.insert(table + "-insert", i -> {
            List<AnyColumn<?>> columns = i.into(constructor).columns();
            for (int index = 0; index < columns.size(); index++) {
                set(i, columns.get(index), index);
            }
        });
    }

    Table table() {
        return table;
    }

    List<SelfReference> selfReferences() {
        return selfReferences;
    }

    Command<StoredRow> insert() {
        return insert;
    }

    long count(ReadTransaction transaction) {
        return transaction.list(count).get(0);
    }

    /** The greatest key in a table, which shows how far the table has been filled; null if it is empty. */
    @Nullable
    Object greatestKey(ReadTransaction transaction) {
        return transaction.find(greatestKey, NoArgument.NONE).orElse(null);
    }

    /** The next rows that fit into memory, at least one; null if there are none. */
    @Nullable
    Span page(ReadTransaction transaction, @Nullable Object after) {
        List<Size> sizes = after == null ? transaction.list(firstSizes) : transaction.list(nextSizes, after);
        Object last = null;
        long bytes = 0;
        for (Size size : sizes) {
            bytes += size.bytes();
            if (last != null && bytes > PAGE_BYTES) {
                break;
            }
            last = size.key();
        }
        return last == null ? null : new Span(after, last);
    }

    /** The rows of a part of the table, at most one more than a page may have. */
    List<StoredRow> rows(ReadTransaction transaction, Span span) {
        return transaction.list(span.after() == null ? firstRows : nextRows, span);
    }

    private static <P> RowReader<Size> sizes(SelectBuilder<P> q, Table opened) {
        Column<?> key = opened.primaryKey();
        var bytes = q.bytes(opened.columns().stream()
                .filter(column -> UNBOUNDED.contains(column.type().name())
                        && column.type().maxCodePoints().isEmpty())
                .toList());
        q.orderBy(key.asc());
        q.limit(PAGE_ROWS);
        return row -> new Size(row.get(key), row.get(bytes));
    }

    private static RowReader<StoredRow> rows(SelectBuilder<Span> q, Table opened) {
        Column<?> key = opened.primaryKey();
        List<AnyColumn<?>> columns = opened.columns();
        q.where(isUpTo(q, key));
        q.orderBy(key.asc());
        q.limit(PAGE_ROWS + 1);
        return row -> {
            List<@Nullable Object> values = new ArrayList<>(columns.size());
            for (AnyColumn<?> column : columns) {
                if (column instanceof NullableColumn<?> nullable) {
                    values.add(row.orNull(nullable));
                } else {
                    values.add(row.get((Column<?>) column));
                }
            }
            return new StoredRow(row.get(key), Collections.unmodifiableList(values));
        };
    }

    private static Object after(Span span) {
        if (span.after() == null) {
            throw new IllegalArgumentException("the first rows are not after any");
        }
        return span.after();
    }

    static <P, V> Condition isAfter(SelectBuilder<P> q, Column<V> key, Function<P, Object> position) {
        Class<V> type = key.type().javaType();
        return key.gt(q.arg(argument -> type.cast(position.apply(argument))));
    }

    private static <V> Condition isUpTo(SelectBuilder<Span> q, Column<V> key) {
        Class<V> type = key.type().javaType();
        return key.le(q.arg(span -> type.cast(span.last())));
    }

    private <V> void set(InsertBuilder<StoredRow> i, AnyColumn<V> column, int index) {
        Class<V> type = column.type().javaType();
        if (column instanceof Column<V> required) {
            i.set(required, i.arg(row -> type.cast(row.values().get(index))));
        } else if (column instanceof NullableColumn<V> nullable) {
            Function<StoredRow, @Nullable V> value = row -> type.cast(insertable(row, index));
            i.set(nullable, i.argOrNull(value));
        }
    }

    /**
     * The value to insert: null for a reference to a later row of the same table, which is set when that row exists.
     */
    private @Nullable Object insertable(StoredRow row, int index) {
        for (SelfReference reference : selfReferences) {
            if (reference.index() == index && reference.refersAhead(row)) {
                return null;
            }
        }
        return row.value(index);
    }
}
