package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.ADD;
import static io.cloacina.schema.database.SampleSchema.COUNTER;
import static io.cloacina.schema.database.SampleSchema.COUNT_CHILDREN;
import static io.cloacina.schema.database.SampleSchema.DELETE_PARENT;
import static io.cloacina.schema.database.SampleSchema.INSERT_CHILD;
import static io.cloacina.schema.database.SampleSchema.INSERT_COUNTER;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.MOVE_CHILD;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.SampleSchema.Child;
import io.cloacina.schema.database.SampleSchema.Children;
import io.cloacina.schema.database.SampleSchema.Counter;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.database.SampleSchema.Parents;
import io.cloacina.schema.database.SampleSchema.Values;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.ComposedSet;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A batch is one statement over arrays on PostgreSQL, and means what a statement for each argument means. */
class SetStatementsTest {
    private static final Statements STATEMENTS = new Statements("set-statements-test");

    record Held(
            int n,
            @Nullable String text,
            @Nullable UniversalTimestamp instant,
            @Nullable UniversalUuid uuid,
            @Nullable UniversalBool bool,
            @Nullable UniversalBinary binary,
            @Nullable Integer integer,
            @Nullable Long bigint) {
        static Held of(int n, @Nullable String text) {
            return new Held(n, text, null, null, null, null, null, null);
        }
    }

    private static final Command<Held> INSERT = STATEMENTS.insert("insert", i -> {
        var v = i.into(Values::new);
        i.set(v.n, i.arg(Held::n));
        i.set(v.text, i.argOrNull(Held::text));
        i.set(v.instant, i.argOrNull(Held::instant));
        i.set(v.uuid, i.argOrNull(Held::uuid));
        i.set(v.bool, i.argOrNull(Held::bool));
        i.set(v.binary, i.argOrNull(Held::binary));
        i.set(v.integer, i.argOrNull(Held::integer));
        i.set(v.bigint, i.argOrNull(Held::bigint));
    });

    /** Changes each row that holds what the argument holds: the comparisons are of every type. */
    private static final Command<Held> GREET = STATEMENTS.update("greet", u -> {
        var v = u.table(Values::new);
        u.set(v.text, "greeted");
        u.where(
                v.n.eq(u.arg(Held::n)),
                v.text.eq(u.arg(held -> held.text())),
                v.instant.eq(u.arg(held -> held.instant())),
                v.uuid.eq(u.arg(held -> held.uuid())),
                v.bool.eq(u.arg(held -> held.bool())),
                v.binary.eq(u.arg(held -> held.binary())),
                v.integer.eq(u.arg(held -> held.integer())),
                v.bigint.eq(u.arg(held -> held.bigint())));
    });

    private static final Select<NoArgument, Held> ALL = STATEMENTS.select("all", q -> {
        var v = q.from(Values::new);
        q.orderBy(v.n.asc());
        return row -> new Held(
                row.get(v.n),
                row.orNull(v.text),
                row.orNull(v.instant),
                row.orNull(v.uuid),
                row.orNull(v.bool),
                row.orNull(v.binary),
                row.orNull(v.integer),
                row.orNull(v.bigint));
    });

    /** By a unique key of two columns, of which one is a constant. */
    private static final Command<Child> MOVE_FIRST = STATEMENTS.update("move-first", u -> {
        var c = u.table(Children::new);
        u.set(c.otherId, u.argOrNull(Child::other));
        u.where(c.parentId.eq(u.arg(Child::parent)), c.position.eq(0));
    });

    private static final Command<Child> MOVE_ALL = STATEMENTS.update("move-all", u -> {
        var c = u.table(Children::new);
        u.increment(c.position, 10);
        u.where(c.parentId.eq(u.arg(Child::parent)));
    });

    private static final Command<Child> CLAIM = STATEMENTS.update("claim", u -> {
        var c = u.table(Children::new);
        u.set(c.otherId, u.argOrNull(Child::other));
        u.claim(c.id, q -> {
            var its = q.from(Children::new);
            q.where(its.id.eq(q.arg(Child::id)));
            return its.id;
        });
    });

    private static final Command<Parent> INSERT_NEW = STATEMENTS.insert("insert-new", i -> {
        var p = i.into(Parents::new);
        i.set(p.id, i.arg(Parent::id));
        i.set(p.code, i.arg(Parent::code));
        i.onConflict(p.code).doNothing();
    });

    private static final ChangeReturning<Parent, String> RENAME = STATEMENTS.updateReturning("rename", u -> {
        var p = u.table(Parents::new);
        u.set(p.code, u.arg(Parent::code));
        u.where(p.id.eq(u.arg(Parent::id)));
        return row -> row.get(p.code);
    });

    private static final ChangeReturning<Held, String> SET_TEXT = STATEMENTS.updateReturning("set-text", u -> {
        var v = u.table(Values::new);
        u.set(v.text, u.argOrNull(Held::text));
        u.where(v.n.eq(u.arg(Held::n)));
        return row -> String.valueOf(row.orNull(v.text));
    });

    private static final Command<Held> CHANGE_KEY = STATEMENTS.update("change-key", u -> {
        var v = u.table(Values::new);
        u.set(v.n, u.arg(held -> held.n() + 1));
        u.where(v.n.eq(u.arg(Held::n)));
    });

    private static final Select<NoArgument, String> SEQSCAN =
            STATEMENTS.nativeSelect("seqscan", "SELECT 'none'", "SELECT current_setting('enable_seqscan')", q -> {
                var set = q.column(DataType.TEXT);
                return row -> row.get(set);
            });

    @Test
    void inserts_and_changes_of_rows_by_a_key_are_sets_on_postgres_only() {
        assertThat(textOf(INSERT_PARENT))
                .contains("INSERT INTO sample_parents (id, code) SELECT \"Member\".p1, \"Member\".p2"
                        + " FROM unnest(?::uuid[], ?::text[]) WITH ORDINALITY AS \"Member\"(p1, p2, n)");
        assertThat(textOf(ADD))
                .contains("UPDATE sample_counters SET small = sample_counters.small + \"Member\".p1,"
                        + " large = sample_counters.large + \"Member\".p2"
                        + " FROM unnest(?::integer[], ?::bigint[], ?::integer[]) WITH ORDINALITY"
                        + " AS \"Member\"(p1, p2, p3, n)"
                        + " WHERE sample_counters.id = \"Member\".p3 RETURNING \"Member\".n");
        assertThat(textOf(SET_TEXT))
                .contains("UPDATE sample_values SET text_value = \"Member\".p1"
                        + " FROM unnest(?::text[], ?::integer[]) WITH ORDINALITY AS \"Member\"(p1, p2, n)"
                        + " WHERE sample_values.n = \"Member\".p2 RETURNING sample_values.text_value, \"Member\".n");
        assertThat(textOf(DELETE_PARENT))
                .contains("DELETE FROM sample_parents"
                        + " USING unnest(?::uuid[]) WITH ORDINALITY AS \"Member\"(p1, n)"
                        + " WHERE sample_parents.id = \"Member\".p1 RETURNING \"Member\".n");
        assertThat(textOf(MOVE_FIRST)).isPresent();
        for (Statement<?, ?> statement : List.of(MOVE_ALL, CLAIM, INSERT_NEW, CHANGE_KEY, RENAME, COUNTER)) {
            assertThat(textOf(statement)).as(statement.name()).isEmpty();
        }
        for (Statement<?, ?> statement : List.of(INSERT_PARENT, ADD, SET_TEXT, DELETE_PARENT)) {
            assertThat(statement.composed(Dialect.of(Backend.SQLITE)).set())
                    .as(statement.name())
                    .isNull();
        }
    }

    @DatabaseTest
    void values_of_every_type_come_as_they_were_given(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
        List<Held> given = new ArrayList<>();
        given.add(Held.of(0, null));
        given.add(new Held(
                1,
                "{\"a\": \"b\\\\c\", 'd'}, NULL,\n\t}",
                UniversalTimestamp.MIN,
                UniversalUuid.v7(),
                UniversalBool.TRUE,
                UniversalBinary.of(new byte[] {0, -1, 92, 34, 44, 123}),
                Integer.MIN_VALUE,
                Long.MIN_VALUE));
        given.add(new Held(
                2,
                "",
                UniversalTimestamp.MAX,
                UniversalUuid.v7(),
                UniversalBool.FALSE,
                UniversalBinary.of(new byte[0]),
                Integer.MAX_VALUE,
                Long.MAX_VALUE));
        List<String> texts =
                List.of("NULL", "null", "\"", "\\", "\\x00", "{}", ",", " ", "\u00e4\ud83d\ude00", "a\u0301");
        for (String text : texts) {
            given.add(Held.of(given.size(), text));
        }

        int[] counts = write(database, t -> t.batch(INSERT, given));

        assertThat(counts).hasSize(given.size()).containsOnly(1);
        assertThat(database.list(ALL)).containsExactlyElementsOf(given);
        List<Held> whole = List.of(given.get(2), given.get(1));
        assertThat(write(database, t -> t.batch(GREET, whole))).containsExactly(1, 1);
    }

    @DatabaseTest
    void each_count_is_that_of_its_member(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
        write(database, t -> t.batch(INSERT_COUNTER, List.of(counter(1, 0), counter(2, 0), counter(3, 0))));

        int[] counts = write(
                database,
                t -> t.batch(
                        ADD, List.of(counter(9, 1), counter(3, 30), counter(8, 1), counter(1, 10), counter(7, 1))));

        assertThat(counts).containsExactly(0, 1, 0, 1, 0);
        assertThat(IntStream.rangeClosed(1, 3)
                        .map(id -> database.find(COUNTER, id).orElseThrow().small()))
                .containsExactly(10, 0, 30);
    }

    @DatabaseTest
    void members_that_mean_the_same_row_all_change_it(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
        database.write(t -> t.run(INSERT_COUNTER, counter(1, 0)));

        int[] counts = write(database, t -> t.batch(ADD, List.of(counter(1, 1), counter(2, 1), counter(1, 10))));

        assertThat(counts).containsExactly(1, 0, 1);
        assertThat(database.find(COUNTER, 1)).contains(counter(1, 11));
    }

    @DatabaseTest
    void members_that_give_a_row_another_key_run_one_after_the_other(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
        database.write(t -> t.run(INSERT, Held.of(1, null)));

        int[] counts = write(
                database, t -> t.batch(CHANGE_KEY, List.of(Held.of(1, null), Held.of(2, null), Held.of(1, null))));

        assertThat(counts).containsExactly(1, 1, 0);
        assertThat(database.list(ALL)).containsExactly(Held.of(3, null));
    }

    @DatabaseTest
    void a_unique_key_of_which_a_part_is_constant_names_the_row(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
        List<Parent> parents =
                IntStream.range(0, 3).mapToObj(i -> Parent.of("p" + i)).toList();
        database.write(t -> {
            t.batch(INSERT_PARENT, parents);
            return t.batch(
                    INSERT_CHILD,
                    List.of(
                            Child.of(parents.get(0).id(), 0),
                            Child.of(parents.get(1).id(), 1)));
        });

        assertThat(write(
                        database,
                        t -> t.batch(
                                MOVE_FIRST,
                                parents.stream()
                                        .map(each -> Child.of(each.id(), 5))
                                        .toList())))
                .containsExactly(1, 0, 0);
    }

    @DatabaseTest
    void a_batch_of_any_length_in_members_or_in_text_is_whole(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
        List<Counter> many =
                IntStream.range(0, 25_001).mapToObj(id -> counter(id, 0)).toList();
        List<Counter> added = new ArrayList<>(
                IntStream.range(-5, 25_001).mapToObj(id -> counter(id, id)).toList());
        Collections.reverse(added);
        assertThat(write(database, t -> t.batch(INSERT_COUNTER, many)))
                .hasSize(25_001)
                .containsOnly(1);
        int[] counts = write(database, t -> t.batch(ADD, added));
        assertThat(counts).hasSize(25_006);
        for (int i = 0; i < counts.length; i++) {
            assertThat(counts[i]).isEqualTo(added.get(i).id() < 0 ? 0 : 1);
        }
        assertThat(database.find(COUNTER, 17_000)).contains(counter(17_000, 17_000));

        String long1 = "x".repeat(1 << 20);
        List<Held> large =
                IntStream.range(0, 11).mapToObj(n -> Held.of(n, long1 + n)).toList();
        write(database, t -> t.batch(INSERT, large));
        assertThat(database.list(ALL)).containsExactlyElementsOf(large);
    }

    @DatabaseTest
    void an_error_of_one_member_is_classified_and_nothing_of_the_batch_stays(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
        Parent parent = Parent.of("a");
        database.write(t -> t.run(INSERT_PARENT, parent));
        UniversalUuid nobody = UniversalUuid.v7();

        assertThatThrownBy(() -> write(
                        database, t -> t.batch(INSERT_CHILD, List.of(Child.of(parent.id(), 1), Child.of(nobody, 2)))))
                .satisfies(TransactionTest.is(ErrorKind.FOREIGN_KEY))
                .hasMessageContaining("sample_children");
        assertThatThrownBy(() -> write(
                        database,
                        t -> t.batch(INSERT_CHILD, List.of(Child.of(parent.id(), 1), Child.of(parent.id(), 1)))))
                .satisfies(TransactionTest.is(ErrorKind.UNIQUE));
        assertThatThrownBy(() -> write(
                        database,
                        t -> t.batch(INSERT_CHILD, List.of(Child.of(parent.id(), 1), Child.of(parent.id(), -1)))))
                .satisfies(TransactionTest.is(ErrorKind.CHECK));
        assertThatThrownBy(() -> write(
                        database, t -> t.batch(INSERT_PARENT, List.of(Parent.of("b"), new Parent(nobody, "c\0")))))
                .satisfies(TransactionTest.is(ErrorKind.INVALID_VALUE))
                .hasMessageContaining("sample_parents.code");

        assertThat(database.list(COUNT_CHILDREN)).containsExactly(0L);
        Child one = Child.of(parent.id(), 1);
        Child two = Child.of(parent.id(), 2);
        write(database, t -> t.batch(INSERT_CHILD, List.of(one, two)));
        assertThat(write(
                        database,
                        t -> t.batch(
                                MOVE_CHILD,
                                List.of(
                                        new Child(two.id(), parent.id(), null, 7),
                                        new Child(nobody, parent.id(), null, 8)))))
                .containsExactly(1, 0);
    }

    @DatabaseTest
    void a_member_may_take_what_an_earlier_one_gave_up_of_a_unique_key(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
        Parent a = Parent.of("x");
        Parent b = Parent.of("y");
        write(database, t -> t.batch(INSERT_PARENT, List.of(b, a)));

        List<Optional<String>> told = database.write(t -> {
            t.waitForLocksAtMost(Duration.ofSeconds(10));
            return t.findEach(RENAME, List.of(new Parent(a.id(), "z"), new Parent(b.id(), "x")));
        });

        assertThat(told).containsExactly(Optional.of("z"), Optional.of("x"));
    }

    @DatabaseTest
    void a_missing_part_of_a_key_is_named(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);

        assertThatThrownBy(() -> write(database, t -> t.batch(DELETE_PARENT, Arrays.asList(UniversalUuid.v7(), null))))
                .satisfies(TransactionTest.is(ErrorKind.INVALID_VALUE))
                .hasMessageContaining("sample_parents.id: null");
    }

    @Test
    void a_row_that_a_trigger_leaves_out_is_an_error() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
            try (Connection connection = test.jdbc();
                    java.sql.Statement sql = connection.createStatement()) {
                sql.execute("CREATE FUNCTION drop_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " RETURN CASE WHEN NEW.code = 'b' THEN NULL ELSE NEW END; END $$");
                sql.execute("CREATE TRIGGER leave_out BEFORE INSERT ON sample_parents FOR EACH ROW"
                        + " EXECUTE FUNCTION drop_it()");
            }

            assertThatThrownBy(() ->
                            write(database, t -> t.batch(INSERT_PARENT, List.of(Parent.of("a"), Parent.of("b")))))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                    .hasMessageContaining("of a batch of 2 rows 1 were inserted");
        }
    }

    @Test
    void after_a_connection_has_come_back_statements_are_short_again() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1", SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
            database.write(t -> {
                assertThat(OpeningTest.answer(t, "SELECT 'lent'")).isEqualTo("lent");
                t.waitForLocksAtMost(Duration.ofSeconds(1)); // the application's statements are planned as ever
                assertThat(OpeningTest.answer(t, "SHOW enable_seqscan")).isEqualTo("on");
                t.recall(Duration.ofSeconds(1));
                assertThat(t.find(SEQSCAN, NoArgument.NONE)).contains("off");
                return "recalled";
            });
            database.write(t -> {
                assertThat(t.find(SEQSCAN, NoArgument.NONE)).contains("on");
                return "the next transaction";
            });
        }
    }

    @Test
    void statements_of_the_application_are_planned_as_ever_in_a_transaction_of_short_ones() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1", SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
            database.write(t -> {
                t.waitForLocksAtMost(Duration.ofSeconds(1));
                assertThat(OpeningTest.answer(t, "SHOW enable_seqscan")).isEqualTo("on");
                assertThat(OpeningTest.answer(t, "SHOW plan_cache_mode")).isEqualTo("auto");
                return "lent";
            });
            database.write(t -> {
                assertThat(OpeningTest.answer(t, "SHOW enable_hashjoin")).isEqualTo("on");
                return "the next transaction";
            });
        }
    }

    @Test
    void a_set_that_was_planned_when_the_table_was_small_finds_its_rows_by_the_key_when_it_is_large()
            throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            List<Counter> some = List.of(counter(1, 1), counter(2, 1), counter(3, 1));
            Database first = test.open(SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
            first.write(t -> t.batch(INSERT_COUNTER, some));
            long read;
            String options = "?pool_size=1&options=-c%20plan_cache_mode%3Dforce_generic_plan";
            try (Database database = Database.open(test.url() + options, SCHEMA, STATEMENTS, SampleSchema.STATEMENTS);
                    Connection other = test.jdbc();
                    java.sql.Statement sql = other.createStatement()) {
                sql.execute("ALTER TABLE sample_counters SET (autovacuum_enabled = false)");
                sql.execute("ANALYZE sample_counters");
                for (int turn = 0; turn < 10; turn++) {
                    shortly(database, some);
                }
                first.write(t -> t.batch(
                        INSERT_COUNTER,
                        IntStream.range(10, 20_000)
                                .mapToObj(id -> counter(id, 0))
                                .toList()));
                read = readOfWholeTables(sql);
                for (int turn = 0; turn < 20; turn++) {
                    shortly(database, some);
                }
            }
            try (Connection other = test.jdbc();
                    java.sql.Statement sql = other.createStatement()) {
                assertThat(readOfWholeTables(sql)).isLessThan(read + 1_000);
            }
        }
    }

    private static int[] write(Database database, Function<WriteTransaction, int[]> work) {
        return database.write(t -> {
            t.waitForLocksAtMost(Duration.ofSeconds(10));
            return work.apply(t);
        });
    }

    private static void shortly(Database database, List<Counter> added) {
        assertThat(write(database, t -> t.batch(ADD, added))).containsOnly(1);
    }

    private static long readOfWholeTables(java.sql.Statement sql) throws SQLException {
        try (ResultSet answer =
                sql.executeQuery("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'sample_counters'")) {
            answer.next();
            return answer.getLong(1);
        }
    }

    private static Optional<String> textOf(Statement<?, ?> statement) {
        ComposedSet<?> set = statement.composed(Dialect.of(Backend.POSTGRES)).set();
        return Optional.ofNullable(set).map(ComposedSet::sql);
    }

    private static Counter counter(int id, int added) {
        return new Counter(id, added, added);
    }
}
