package io.cloacina.schema.database;

import static io.cloacina.schema.type.DataType.BIGINT;
import static io.cloacina.schema.type.DataType.BINARY;
import static io.cloacina.schema.type.DataType.BOOL;
import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TEXT;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** Tables with every type and every kind of constraint. */
final class SampleSchema {
    static final Schema SCHEMA = Schema.of(Values::new, Parents::new, Others::new, Children::new, Counters::new);

    static final Statements STATEMENTS = new Statements("samples");

    static final Command<Parent> INSERT_PARENT = STATEMENTS.insert("insert-parent", i -> {
        var p = i.into(Parents::new);
        i.set(p.id, i.arg(Parent::id));
        i.set(p.code, i.arg(Parent::code));
    });

    static final Command<UniversalUuid> DELETE_PARENT = STATEMENTS.delete("delete-parent", d -> {
        var p = d.from(Parents::new);
        d.where(p.id.eq(d.arg()));
    });

    static final Command<Child> INSERT_CHILD = STATEMENTS.insert("insert-child", i -> {
        var c = i.into(Children::new);
        i.set(c.id, i.arg(Child::id));
        i.set(c.parentId, i.arg(Child::parent));
        i.set(c.otherId, i.argOrNull(Child::other));
        i.set(c.position, i.arg(Child::position));
    });

    static final Command<Child> MOVE_CHILD = STATEMENTS.update("move-child", u -> {
        var c = u.table(Children::new);
        u.set(c.parentId, u.arg(Child::parent));
        u.set(c.position, u.arg(Child::position));
        u.where(c.id.eq(u.arg(Child::id)));
    });

    static final Command<Counter> INSERT_COUNTER = STATEMENTS.insert("insert-counter", i -> {
        var c = i.into(Counters::new);
        i.set(c.id, i.arg(Counter::id));
        i.set(c.small, i.arg(Counter::small));
        i.set(c.large, i.arg(Counter::large));
    });

    static final Command<Counter> ADD = STATEMENTS.update("add", u -> {
        var c = u.table(Counters::new);
        u.increment(c.small, u.arg(Counter::small));
        u.increment(c.large, u.arg(Counter::large));
        u.where(c.id.eq(u.arg(Counter::id)));
    });

    static final Select<Integer, Counter> COUNTER = STATEMENTS.select("counter", q -> {
        var c = q.from(Counters::new);
        q.where(c.id.eq(q.arg()));
        return row -> new Counter(row.get(c.id), row.get(c.small), row.get(c.large));
    });

    static final Select<NoArgument, Long> COUNT_PARENTS = STATEMENTS.select("count-parents", q -> {
        q.from(Parents::new);
        var count = q.count();
        return row -> row.get(count);
    });

    static final Select<NoArgument, Long> COUNT_CHILDREN = STATEMENTS.select("count-children", q -> {
        q.from(Children::new);
        var count = q.count();
        return row -> row.get(count);
    });

    private SampleSchema() {}

    record Parent(UniversalUuid id, String code) {
        static Parent of(String code) {
            return new Parent(UniversalUuid.v7(), code);
        }
    }

    record Child(
            UniversalUuid id,
            UniversalUuid parent,
            @Nullable UniversalUuid other,
            int position) {
        static Child of(UniversalUuid parent, int position) {
            return new Child(UniversalUuid.v7(), parent, null, position);
        }
    }

    record Counter(int id, int small, long large) {}

    /** One column of each type. */
    static final class Values extends Table {
        final Column<Integer> n = primaryKey("n", INTEGER);
        final NullableColumn<String> text = nullable("text_value", TEXT);
        final NullableColumn<UniversalTimestamp> instant = nullable("instant_value", TIMESTAMP);
        final NullableColumn<UniversalUuid> uuid = nullable("uuid_value", UUID);
        final NullableColumn<UniversalBool> bool = nullable("bool_value", BOOL);
        final NullableColumn<UniversalBinary> binary = nullable("binary_value", BINARY);
        final NullableColumn<Integer> integer = nullable("integer_value", INTEGER);
        final NullableColumn<Long> bigint = nullable("bigint_value", BIGINT);

        Values(Source source) {
            super("sample_values", source);
        }
    }

    static final class Parents extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final Column<String> code = column("code", text(20));

        {
            unique(code);
        }

        Parents(Source source) {
            super("sample_parents", source);
        }
    }

    static final class Others extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);

        Others(Source source) {
            super("sample_others", source);
        }
    }

    static final class Children extends Table {
        final Column<UniversalUuid> id = primaryKey("id", UUID);
        final Column<UniversalUuid> parentId = column("parent_id", UUID);
        final NullableColumn<UniversalUuid> otherId = nullable("other_id", UUID);
        final Column<Integer> position = column("position", INTEGER);
        final ForeignKey<Parents> parent = references(parentId, Parents::new, p -> p.id);
        final ForeignKey<Others> other = references(otherId, Others::new, o -> o.id);

        {
            unique(parentId, position);
            check("position", position.ge(0));
        }

        Children(Source source) {
            super("sample_children", source);
        }
    }

    static final class Counters extends Table {
        final Column<Integer> id = primaryKey("id", INTEGER);
        final Column<Integer> small = column("small", INTEGER);
        final Column<Long> large = column("large", BIGINT);

        Counters(Source source) {
            super("sample_counters", source);
        }
    }
}
