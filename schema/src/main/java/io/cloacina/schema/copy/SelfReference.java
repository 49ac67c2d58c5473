package io.cloacina.schema.copy;

import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.RowReader;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.SelectBuilder;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.sql.UpdateBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column that refers to rows of its own table, the only cycle that a {@link io.cloacina.schema.sql.Schema} allows.
 * Rows are copied in the order of their keys; a row that refers to a later one is inserted without the reference, which
 * is set when the whole table has been copied.
 */
final class SelfReference {
    private final int index;
    private final Select<NoArgument, Ahead> first;
    private final Select<Object, Ahead> next;
    private final Command<Ahead> set;

    /** A row that refers to a later one. */
    record Ahead(Object key, Object refersTo) {}

    private SelfReference(
            int index, String name, Statements statements, Function<Source, ? extends Table> constructor) {
        this.index = index;
        first = statements.select(name + "-first-ahead", q -> ahead(q, q.from(constructor)));
        next = statements.select(name + "-next-ahead", q -> {
            Table opened = q.from(constructor);
            q.where(TableStatements.isAfter(q, opened.primaryKey(), key -> key));
            return ahead(q, opened);
        });
        set = statements.update(name + "-set", u -> {
            Table opened = u.table(constructor);
            set(u, opened.primaryKey(), opened.columns().get(index));
        });
    }

    /** The self-references of a table. */
    static List<SelfReference> of(Table table, Statements statements, Function<Source, ? extends Table> constructor) {
        List<SelfReference> all = new ArrayList<>();
        for (ForeignKey<?> key : table.foreignKeys()) {
            if (key.parentDefinition().tableName().equals(table.tableName())) {
                if (!key.column().isNullable()) {
                    throw new IllegalArgumentException(key.name()
                            + " refers to its own table and is NOT NULL: its rows cannot be copied one after another");
                }
                all.add(new SelfReference(table.columns().indexOf(key.column()), key.name(), statements, constructor));
            }
        }
        return all;
    }

    /** The index of the column in the table. */
    int index() {
        return index;
    }

    /** Whether the row must be inserted without its reference, because the row that it refers to comes later. */
    boolean refersAhead(StoredRow row) {
        Object refersTo = row.value(index);
        return refersTo != null && KeyOrder.INSTANCE.compare(refersTo, row.key()) > 0;
    }

    /** Rows that refer to later ones, after a key or from the beginning. */
    List<Ahead> ahead(ReadTransaction transaction, @Nullable Object after) {
        return after == null ? transaction.list(first) : transaction.list(next, after);
    }

    /** Sets the reference of one row. */
    Command<Ahead> set() {
        return set;
    }

    private RowReader<Ahead> ahead(SelectBuilder<?> q, Table opened) {
        Column<?> key = opened.primaryKey();
        NullableColumn<?> reference = (NullableColumn<?>) opened.columns().get(index);
        q.where(isGreater(reference, key));
        q.orderBy(key.asc());
        q.limit(TableStatements.PAGE_ROWS);
        return row -> new Ahead(row.get(key), required(row.orNull(reference)));
    }

    private static Object required(@Nullable Object value) {
        if (value == null) {
            throw new IllegalStateException("what is greater than a key is not NULL");
        }
        return value;
    }

    @SuppressWarnings("unchecked") // a foreign key has the type of the key that it refers to
    private static <V> Condition isGreater(AnyColumn<?> reference, Column<V> key) {
        return ((AnyColumn<V>) reference).gt(key);
    }

    @SuppressWarnings("unchecked") // as above
    private static <V> void set(UpdateBuilder<Ahead> u, Column<V> key, AnyColumn<?> reference) {
        Class<V> type = key.type().javaType();
        u.set((NullableColumn<V>) reference, u.arg(ahead -> type.cast(ahead.refersTo())));
        u.where(key.eq(u.arg(ahead -> type.cast(ahead.key()))));
    }
}
