package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.SCHEMA;

import io.cloacina.schema.sql.AnyColumn;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Nulls;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values of one type in a real table: stored, read, found and sorted. */
final class PitfallSamples<V> {
    private final Command<Sample<V>> insert;
    private final Select<NoArgument, Sample<V>> inOrder;
    private final Select<NoArgument, Sample<V>> inReverse;
    private final Select<V, Integer> equal;
    private final Select<V, Integer> less;
    private final Database database;
    private int next;

    record Sample<V>(int n, @Nullable V value) {}

    /** For the column of a type. */
    PitfallSamples(TestDatabase test, Function<SampleSchema.Values, NullableColumn<V>> column) {
        Statements statements = new Statements("pitfall-samples");
        insert = statements.insert("insert", i -> {
            var v = i.into(SampleSchema.Values::new);
            i.set(v.n, i.arg(Sample::n));
            i.set(column.apply(v), i.argOrNull(Sample::value));
        });
        inOrder = statements.select("in-order", q -> {
            var v = q.from(SampleSchema.Values::new);
            q.orderBy(column.apply(v).asc(Nulls.FIRST), v.n.asc());
            return row -> new Sample<>(row.get(v.n), row.orNull(column.apply(v)));
        });
        inReverse = statements.select("in-reverse", q -> {
            var v = q.from(SampleSchema.Values::new);
            q.orderBy(column.apply(v).desc(Nulls.LAST), v.n.desc());
            return row -> new Sample<>(row.get(v.n), row.orNull(column.apply(v)));
        });
        equal = statements.select("equal", q -> {
            var v = q.from(SampleSchema.Values::new);
            AnyColumn<V> looked = column.apply(v);
            q.where(looked.eq(q.arg()));
            q.orderBy(v.n.asc());
            return row -> row.get(v.n);
        });
        less = statements.select("less", q -> {
            var v = q.from(SampleSchema.Values::new);
            AnyColumn<V> looked = column.apply(v);
            q.where(looked.lt(q.arg()));
            q.orderBy(v.n.asc());
            return row -> row.get(v.n);
        });
        database = test.open(SCHEMA, statements);
    }

    Database database() {
        return database;
    }

    /** Stores them, numbered from 0 on. */
    void store(List<? extends @Nullable V> values) {
        List<Sample<V>> samples = new ArrayList<>();
        for (V value : values) {
            samples.add(new Sample<>(next++, value));
        }
        database.write(t -> t.batch(insert, samples));
    }

    /** All values, smallest first. */
    List<@Nullable V> inOrder() {
        return values(database.list(inOrder));
    }

    /** All values, largest first. */
    List<@Nullable V> inReverse() {
        return values(database.list(inReverse));
    }

    /** The numbers of the values that are equal to it for the database. */
    List<Integer> equalTo(V value) {
        return database.list(equal, value);
    }

    /** The numbers of the values that are less for the database. */
    List<Integer> lessThan(V value) {
        return database.list(less, value);
    }

    private List<@Nullable V> values(List<Sample<V>> samples) {
        List<@Nullable V> values = new ArrayList<>();
        samples.forEach(sample -> values.add(sample.value()));
        return values;
    }
}
