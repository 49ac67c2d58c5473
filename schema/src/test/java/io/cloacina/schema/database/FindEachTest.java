package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_CHILD;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloacina.schema.database.SampleSchema.Child;
import io.cloacina.schema.database.SampleSchema.Children;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.database.SampleSchema.Parents;
import io.cloacina.schema.database.SampleSchema.Values;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A change for each of many arguments tells of each of them what it did. */
class FindEachTest {
    private static final Statements STATEMENTS = new Statements("find-each-test");

    record Place(UniversalUuid id, int position) {}

    record Kept(int n, @Nullable String text, @Nullable UniversalTimestamp instant) {}

    private static final ChangeReturning<Child, Place> MOVE = STATEMENTS.updateReturning("move", u -> {
        var c = u.table(Children::new);
        u.set(c.position, u.arg(Child::position));
        u.where(c.id.eq(u.arg(Child::id)));
        return row -> new Place(row.get(c.id), row.get(c.position));
    });

    private static final ChangeReturning<UniversalUuid, Place> SHIFT_ALL =
            STATEMENTS.updateReturning("shift-all", u -> {
                var c = u.table(Children::new);
                u.increment(c.position, 100);
                u.where(c.parentId.eq(u.arg()));
                return row -> new Place(row.get(c.id), row.get(c.position));
            });

    private static final ChangeReturning<Parent, Parent> RENAME = STATEMENTS.updateReturning("rename", u -> {
        var p = u.table(Parents::new);
        u.set(p.code, u.arg(Parent::code));
        u.where(p.id.eq(u.arg(Parent::id)));
        return row -> new Parent(row.get(p.id), row.get(p.code));
    });

    /** Takes a text and tells none. */
    private static final ChangeReturning<Parent, UniversalUuid> RENAME_QUIETLY =
            STATEMENTS.updateReturning("rename-quietly", u -> {
                var p = u.table(Parents::new);
                u.set(p.code, u.arg(Parent::code));
                u.where(p.id.eq(u.arg(Parent::id)));
                return row -> row.get(p.id);
            });

    private static final ChangeReturning<Parent, UniversalUuid> INSERT_NEW =
            STATEMENTS.insertReturning("insert-new", i -> {
                var p = i.into(Parents::new);
                i.set(p.id, i.arg(Parent::id));
                i.set(p.code, i.arg(Parent::code));
                i.onConflict(p.code).doNothing();
                return row -> row.get(p.id);
            });

    private static final ChangeReturning<Kept, Integer> INSERT_VALUE = STATEMENTS.insertReturning("insert-value", i -> {
        var v = i.into(Values::new);
        i.set(v.n, i.arg(Kept::n));
        i.set(v.text, i.argOrNull(Kept::text));
        i.set(v.instant, i.argOrNull(Kept::instant));
        return row -> row.get(v.n);
    });

    private static final ChangeReturning<Kept, Optional<UniversalTimestamp>> SET_INSTANT =
            STATEMENTS.updateReturning("set-instant", u -> {
                var v = u.table(Values::new);
                u.set(v.instant, u.argOrNull(Kept::instant));
                u.where(v.n.eq(u.arg(Kept::n)));
                return row -> Optional.ofNullable(row.orNull(v.instant));
            });

    private static final ChangeReturning<Kept, Kept> SET_TEXT = STATEMENTS.updateReturning("set-text", u -> {
        var v = u.table(Values::new);
        u.set(v.text, u.argOrNull(Kept::text));
        u.where(v.n.eq(u.arg(Kept::n)));
        return row -> new Kept(row.get(v.n), row.orNull(v.text), row.orNull(v.instant));
    });

    private static final Command<NoArgument> REMOVE_VALUES = STATEMENTS.delete("remove-values", d -> {
        d.from(Values::new);
        d.everyRow();
    });

    private static final ChangeReturning<UniversalUuid, Place> REMOVE = STATEMENTS.deleteReturning("remove", d -> {
        var c = d.from(Children::new);
        d.where(c.id.eq(d.arg()));
        return row -> new Place(row.get(c.id), row.get(c.position));
    });

    private static final Select<NoArgument, Integer> POSITIONS = STATEMENTS.select("positions", q -> {
        var c = q.from(Children::new);
        q.orderBy(c.position.asc());
        return row -> row.get(c.position);
    });

    private static final Select<NoArgument, String> CODES = STATEMENTS.select("codes", q -> {
        var p = q.from(Parents::new);
        q.orderBy(p.code.asc());
        return row -> row.get(p.code);
    });

    private static final Parent PARENT = Parent.of("a");
    private static final List<Child> CHILDREN =
            IntStream.range(0, 3).mapToObj(i -> Child.of(PARENT.id(), i)).toList();

    @DatabaseTest
    void each_argument_has_its_answer_and_one_that_changed_nothing_has_none(TestDatabase test) {
        Database database = filled(test, "");
        UniversalUuid first = CHILDREN.get(0).id();
        UniversalUuid second = CHILDREN.get(1).id();
        UniversalUuid third = CHILDREN.get(2).id();

        List<Optional<Place>> told = database.write(t -> t.findEach(
                MOVE,
                List.of(
                        Child.of(PARENT.id(), 9),
                        to(third, 12),
                        Child.of(PARENT.id(), 9),
                        Child.of(PARENT.id(), 9),
                        to(first, 10),
                        to(second, 11),
                        Child.of(PARENT.id(), 9))));

        assertThat(told)
                .containsExactly(
                        Optional.empty(),
                        Optional.of(new Place(third, 12)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Place(first, 10)),
                        Optional.of(new Place(second, 11)),
                        Optional.empty());
        assertThat(database.list(POSITIONS)).containsExactly(10, 11, 12);
    }

    @DatabaseTest
    void arguments_that_all_change_nothing_have_no_answer(TestDatabase test) {
        Database database = filled(test, "");

        assertThat(database.<List<Optional<Place>>>write(t ->
                        t.findEach(MOVE, List.of(Child.of(PARENT.id(), 9), Child.of(PARENT.id(), 9)))))
                .containsExactly(Optional.empty(), Optional.empty());
        assertThat(database.<List<Optional<Place>>>write(t -> t.findEach(MOVE, List.of())))
                .isEmpty();
    }

    @DatabaseTest
    void texts_are_told_of_too(TestDatabase test) {
        Database database = filled(test, "");
        Parent other = Parent.of("b");
        database.write(t -> t.run(INSERT_PARENT, other));

        List<Optional<Parent>> told = database.write(t -> t.findEach(
                RENAME,
                List.of(new Parent(other.id(), "ß💡"), Parent.of("nobody's"), new Parent(PARENT.id(), "changed"))));

        assertThat(told)
                .containsExactly(
                        Optional.of(new Parent(other.id(), "ß💡")),
                        Optional.empty(),
                        Optional.of(new Parent(PARENT.id(), "changed")));
    }

    @DatabaseTest
    void inserts_and_deletes_tell_too(TestDatabase test) {
        Database database = filled(test, "");
        Parent next = Parent.of("b");
        Parent last = Parent.of("c");

        assertThat(database.<List<Optional<UniversalUuid>>>write(
                        t -> t.findEach(INSERT_NEW, List.of(next, Parent.of("a"), Parent.of("b"), last))))
                .containsExactly(Optional.of(next.id()), Optional.empty(), Optional.empty(), Optional.of(last.id()));
        UniversalUuid gone = CHILDREN.get(1).id();
        assertThat(database.<List<Optional<Place>>>write(t -> t.findEach(REMOVE, List.of(gone, gone))))
                .containsExactly(Optional.of(new Place(gone, 1)), Optional.empty());
    }

    @DatabaseTest
    void later_arguments_find_what_earlier_ones_changed(TestDatabase test) {
        Database database = filled(test, "");
        UniversalUuid id = CHILDREN.get(2).id();

        List<Optional<Place>> told = database.write(t -> t.findEach(MOVE, List.of(to(id, 7), to(id, 8), to(id, 9))));

        assertThat(told)
                .containsExactly(
                        Optional.of(new Place(id, 7)), Optional.of(new Place(id, 8)), Optional.of(new Place(id, 9)));
        assertThat(database.list(POSITIONS)).containsExactly(0, 1, 9);
    }

    @DatabaseTest
    void one_argument_and_a_thousand_work_again_and_again_however_the_driver_prepares(TestDatabase test) {
        List<Kept> thousand = IntStream.range(0, 1_000)
                .mapToObj(n -> new Kept(n, n % 3 == 0 ? null : "text-" + n, instant(n)))
                .toList();
        for (String settings : preparing(test)) {
            Database database = filled(test, settings);
            database.write(t -> t.run(REMOVE_VALUES, NoArgument.NONE));

            List<Optional<Integer>> inserted = database.write(t -> t.findEach(INSERT_VALUE, thousand));
            assertThat(inserted)
                    .as("inserted with '%s'", settings)
                    .containsExactlyElementsOf(
                            thousand.stream().map(value -> Optional.of(value.n)).toList());
            for (int turn = 1; turn <= 7; turn++) {
                int shift = turn;
                List<Kept> changes = thousand.stream()
                        .map(value -> new Kept(
                                value.n % 5 == 0 ? -1 - value.n : value.n, "turn-" + shift, instant(value.n + shift)))
                        .toList();
                List<Optional<Optional<UniversalTimestamp>>> instants =
                        database.write(t -> t.findEach(SET_INSTANT, changes));
                List<Optional<Kept>> texts = database.write(t -> t.findEach(SET_TEXT, changes.subList(0, 20)));
                assertThat(instants)
                        .as("turn %s with '%s'", turn, settings)
                        .containsExactlyElementsOf(changes.stream()
                                .map(change -> change.n < 0
                                        ? Optional.<Optional<UniversalTimestamp>>empty()
                                        : Optional.of(Optional.ofNullable(change.instant)))
                                .toList());
                assertThat(texts)
                        .as("turn %s with '%s'", turn, settings)
                        .containsExactlyElementsOf(changes.subList(0, 20).stream()
                                .map(change -> change.n < 0 ? Optional.<Kept>empty() : Optional.of(change))
                                .toList());
                Kept alone = new Kept(1, "alone-" + turn, instant(turn));
                assertThat(database.<List<Optional<Kept>>>write(t -> t.findEach(SET_TEXT, List.of(alone))))
                        .hasSize(1);
            }
        }
    }

    @DatabaseTest
    void large_texts_both_ways_do_not_make_driver_and_server_wait_for_each_other(TestDatabase test) {
        String large = "x".repeat(200_000);
        List<Kept> many =
                IntStream.range(0, 200).mapToObj(n -> new Kept(n, large, null)).toList();
        for (String settings : preparing(test)) {
            Database database = filled(test, settings);
            database.write(t -> t.run(REMOVE_VALUES, NoArgument.NONE));
            database.write(t -> t.findEach(INSERT_VALUE, many));

            CompletableFuture<List<Optional<Kept>>> told = CompletableFuture.supplyAsync(
                    () -> database.write(t -> t.findEach(SET_TEXT, many)), ConcurrencyTest.NEW_THREAD);

            assertThat(told.orTimeout(60, TimeUnit.SECONDS).join())
                    .as("with '%s'", settings)
                    .hasSize(200)
                    .allSatisfy(each -> assertThat(each.orElseThrow().text).hasSize(large.length()));
        }
    }

    @DatabaseTest
    void an_error_in_the_middle_is_classified_and_nothing_of_the_transaction_stays(TestDatabase test) {
        Database database = filled(test, oneConnection(test));
        List<Child> bad = List.of(
                to(CHILDREN.get(0).id(), 20),
                to(CHILDREN.get(1).id(), -1),
                to(CHILDREN.get(2).id(), 22));

        for (int turn = 0; turn < 3; turn++) {
            assertThatThrownBy(() -> database.write(t -> {
                        t.run(INSERT_PARENT, Parent.of("lost"));
                        DatabaseException e =
                                catchThrowableOfType(DatabaseException.class, () -> t.findEach(MOVE, bad));
                        assertThat(e.kind()).as(e.getMessage()).isEqualTo(ErrorKind.CHECK);
                        assertThat(e.table()).contains("sample_children");
                        assertThat(e.constraint()).contains("sample_children_position_check");
                        assertThatThrownBy(() -> t.findEach(MOVE, List.of()))
                                .satisfies(TransactionTest.is(ErrorKind.ROLLED_BACK));
                        return "returns";
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.ROLLED_BACK));

            assertThat(database.list(POSITIONS)).containsExactly(0, 1, 2);
            assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
        }
        // The same prepared statement, on the same connection: nothing of the failed batches is sent again.
        UniversalUuid id = CHILDREN.get(2).id();
        assertThat(database.<List<Optional<Place>>>write(t -> t.findEach(MOVE, List.of(to(id, 3), to(id, 4)))))
                .containsExactly(Optional.of(new Place(id, 3)), Optional.of(new Place(id, 4)));
        assertThat(database.list(POSITIONS)).containsExactly(0, 1, 4);
    }

    @DatabaseTest
    void a_value_that_is_refused_before_it_is_sent_leaves_nothing_to_be_sent_later(TestDatabase test) {
        Database database = filled(test, oneConnection(test));
        Parent other = Parent.of("b");
        database.write(t -> t.run(INSERT_PARENT, other));

        assertThatThrownBy(() -> database.write(t -> t.findEach(
                        RENAME_QUIETLY, List.of(new Parent(PARENT.id(), "lost"), new Parent(other.id(), "\0")))))
                .satisfies(TransactionTest.is(ErrorKind.INVALID_VALUE))
                .hasMessageContaining("sample_parents.code")
                .hasMessageContaining("find-each-test.rename-quietly");

        assertThat(database.<List<Optional<UniversalUuid>>>write(t -> t.findEach(
                        RENAME_QUIETLY, List.of(new Parent(other.id(), "c"), new Parent(UniversalUuid.v7(), "d")))))
                .containsExactly(Optional.of(other.id()), Optional.empty());
        assertThat(database.list(CODES)).containsExactly("a", "c");
    }

    @DatabaseTest
    void an_error_does_not_show_the_values_of_the_others(TestDatabase test) {
        Database database = filled(test, "");
        Parent other = Parent.of("b");
        database.write(t -> t.run(INSERT_PARENT, other));

        DatabaseException e = catchThrowableOfType(
                DatabaseException.class,
                () -> database.write(t -> t.findEach(
                        RENAME_QUIETLY,
                        List.of(new Parent(PARENT.id(), "confidential"), new Parent(other.id(), "confidential")))));

        assertThat(e.kind()).isEqualTo(ErrorKind.UNIQUE);
        assertThat(e.constraint()).contains("sample_parents_code_key");
        if (test.backend() == Backend.POSTGRES) {
            // The server's own detail names the key that exists; the text of the driver's batch would name all values.
            assertThat(DatabaseUrlTest.trace(e)).doesNotContain("Batch entry");
        }
        assertThat(e.getMessage()).doesNotContain("confidential");
    }

    @DatabaseTest
    void an_argument_that_changes_two_rows_is_refused_and_nothing_stays(TestDatabase test) {
        Database database = filled(test, "");
        UniversalUuid nobody = UniversalUuid.v7();

        for (List<UniversalUuid> arguments :
                List.of(List.of(PARENT.id()), List.of(nobody, PARENT.id(), nobody), List.of(nobody, PARENT.id()))) {
            assertThatThrownBy(() -> database.write(t -> {
                        assertThatThrownBy(() -> t.findEach(SHIFT_ALL, arguments))
                                .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                                .hasMessageContaining("find-each-test.shift-all found more than one row");
                        return "returns";
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.ROLLED_BACK));
            assertThat(database.list(POSITIONS)).containsExactly(0, 1, 2);
        }
    }

    private static Child to(UniversalUuid id, int position) {
        return new Child(id, PARENT.id(), null, position);
    }

    private static @Nullable UniversalTimestamp instant(int n) {
        return n % 4 == 0 ? null : UniversalTimestamp.MIN.plus(Duration.ofSeconds(n));
    }

    /** Ways in which the driver of PostgreSQL prepares a statement on the server: by itself, never, at once, and in binary. */
    private static List<String> preparing(TestDatabase test) {
        return test.backend() == Backend.SQLITE
                ? List.of("")
                : List.of("", "?prepareThreshold=0", "?prepareThreshold=1", "?prepareThreshold=-1");
    }

    private static String oneConnection(TestDatabase test) {
        return test.backend() == Backend.SQLITE ? "" : "?pool_size=1";
    }

    private static Database filled(TestDatabase test, String settings) {
        Database database = test.open(settings, SCHEMA, SampleSchema.STATEMENTS, STATEMENTS);
        if (database.list(COUNT_PARENTS).equals(List.of(0L))) {
            database.write(t -> {
                t.run(INSERT_PARENT, PARENT);
                return t.batch(INSERT_CHILD, CHILDREN);
            });
        }
        return database;
    }
}
