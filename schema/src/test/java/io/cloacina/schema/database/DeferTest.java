package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.ADD;
import static io.cloacina.schema.database.SampleSchema.COUNTER;
import static io.cloacina.schema.database.SampleSchema.COUNT_CHILDREN;
import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.DELETE_PARENT;
import static io.cloacina.schema.database.SampleSchema.INSERT_CHILD;
import static io.cloacina.schema.database.SampleSchema.INSERT_COUNTER;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.MOVE_CHILD;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloacina.schema.database.SampleSchema.Child;
import io.cloacina.schema.database.SampleSchema.Counter;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.StallingProxy;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deferred changes mean what they mean at once, and cost no round trip of their own on PostgreSQL. */
@Timeout(60)
class DeferTest {
    private static final Duration SHORT = Duration.ofMillis(500);

    /** Longer than its column. */
    private static final String TOO_LONG = "longer than twenty characters";

    /** More often than it takes until the driver prepares a statement on the server. */
    private static final int OFTEN = 8;

    private static final Statements NATIVE = new Statements("defer-test");

    private static final Command<NoArgument> EMPTY = ofText("empty", "DELETE FROM sample_counters");

    private static final Command<NoArgument> DOUBLE_AND_INCREMENT =
            ofText("double-and-increment", "UPDATE sample_counters SET small = 2 * small + 1");

    private static final Command<NoArgument> DOUBLE = ofText("double", "UPDATE sample_counters SET small = 2 * small;");

    private static final Command<NoArgument> INCREMENT =
            ofText("increment", "UPDATE sample_counters SET small = small + 1 -- all of them");

    private static final Command<NoArgument> TWO_IN_ONE =
            ofText("two-in-one", "UPDATE sample_counters SET small = 1; UPDATE sample_counters SET small = 2 * small");

    private static final Command<int[]> INSERT_REUSED = NATIVE.insert("insert-reused", i -> {
        var c = i.into(SampleSchema.Counters::new);
        i.set(c.id, i.arg(each -> each[0]));
        i.set(c.small, i.arg(each -> each[1]));
        i.set(c.large, 0L);
    });

    private static final Command<int[]> SET_REUSED = NATIVE.update("set-reused", u -> {
        var c = u.table(SampleSchema.Counters::new);
        u.set(c.small, u.arg(each -> each[1]));
        u.where(c.id.eq(u.arg(each -> each[0])));
    });

    private static Command<NoArgument> ofText(String name, String sql) {
        return NATIVE.nativeCommand(name, sql, sql, q -> {});
    }

    @Test
    void what_is_deferred_goes_to_the_server_with_the_commit() throws IOException {
        assertThat(roundTrips(t -> {
                    t.waitForLocksAtMost(SHORT);
                    Parent parent = Parent.of("a");
                    t.defer(INSERT_PARENT, List.of(parent));
                    t.defer(INSERT_CHILD, children(parent, 1));
                }))
                .isEqualTo(1);
    }

    @Test
    void how_many_rows_of_a_set_were_inserted_is_known_before_the_commit() throws IOException {
        assertThat(roundTrips(t -> {
                    Parent parent = Parent.of("a");
                    t.defer(INSERT_PARENT, List.of(parent));
                    t.defer(INSERT_CHILD, children(parent, 3));
                }))
                .isEqualTo(2);
    }

    @Test
    void what_is_deferred_goes_to_the_server_with_the_next_statement() throws IOException {
        assertThat(roundTrips(t -> {
                    t.waitForLocksAtMost(SHORT);
                    t.defer(INSERT_COUNTER, List.of(new Counter(1, 0, 0)));
                    assertThat(t.batch(ADD, List.of(new Counter(1, 2, 3), new Counter(2, 0, 0))))
                            .containsExactly(1, 0);
                    t.defer(INSERT_COUNTER, List.of(new Counter(2, 0, 0)));
                    assertThat(t.find(COUNTER, 1)).contains(new Counter(1, 2, 3));
                }))
                .isEqualTo(3);
    }

    @Test
    void expected_changes_go_to_the_server_with_the_next_statement_and_are_known_before_the_commit()
            throws IOException {
        assertThat(roundTrips(t -> {
                    t.waitForLocksAtMost(SHORT);
                    t.defer(INSERT_COUNTER, List.of(new Counter(1, 0, 0), new Counter(2, 0, 0)));
                    t.expect(ADD, List.of(new Counter(1, 1, 1), new Counter(2, 1, 1)));
                    t.expect(ADD, List.of(new Counter(1, 1, 1)));
                    assertThat(t.find(COUNTER, 1)).contains(new Counter(1, 2, 2));
                    t.expect(ADD, List.of(new Counter(2, 1, 1)));
                }))
                .isEqualTo(3);
    }

    @DatabaseTest
    void a_change_that_was_expected_and_found_no_row_ends_the_transaction(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);
        Counter here = new Counter(1, 1, 1);
        Counter missing = new Counter(2, 1, 1);

        assertThat(stale(database, List.of(here, missing)))
                .hasMessageStartingWith("of 2 changes, each of which has to change a row, 1 did")
                .hasMessageEndingWith("(statement samples.add)");
        assertThat(stale(database, List.of(missing))).hasMessageStartingWith("of 1 changes");
        // These cannot be one statement: two of them mean the same row.
        assertThat(stale(database, List.of(here, here, missing))).hasMessageStartingWith("of 3 changes");
    }

    private static DatabaseException stale(Database database, List<Counter> changes) {
        DatabaseException thrown = catchThrowableOfType(
                DatabaseException.class,
                () -> database.write(t -> {
                    t.waitForLocksAtMost(SHORT);
                    t.run(INSERT_COUNTER, new Counter(1, 0, 0));
                    t.expect(ADD, changes);
                    t.defer(INSERT_PARENT, List.of(Parent.of("a")));
                    return "";
                }));
        assertThat(thrown.kind()).isEqualTo(ErrorKind.STALE);
        assertThat(thrown.kind().isRetryable()).isFalse();
        assertThat(database.find(COUNTER, 1)).isEmpty();
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
        return thrown;
    }

    @DatabaseTest
    void expected_changes_that_find_their_rows_are_stored(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);

        database.write(t -> {
            t.waitForLocksAtMost(SHORT);
            t.batch(INSERT_COUNTER, List.of(new Counter(1, 0, 0), new Counter(2, 0, 0)));
            t.expect(ADD, List.of(new Counter(1, 1, 1), new Counter(2, 2, 2)));
            t.expect(ADD, List.of(new Counter(1, 1, 1), new Counter(1, 1, 1)));
            assertThat(countParents(t)).isZero(); // lends the connection
            t.recall(SHORT);
            t.expect(ADD, List.of(new Counter(2, 2, 2)));
            return "";
        });

        assertThat(database.find(COUNTER, 1)).contains(new Counter(1, 3, 3));
        assertThat(database.find(COUNTER, 2)).contains(new Counter(2, 4, 4));
    }

    @DatabaseTest
    void an_expected_change_may_change_several_rows(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, NATIVE);

        database.write(t -> {
            t.batch(INSERT_COUNTER, List.of(new Counter(1, 1, 0), new Counter(2, 2, 0)));
            t.expect(DOUBLE, List.of(NoArgument.NONE));
            t.expect(DOUBLE, List.of(NoArgument.NONE, NoArgument.NONE));
            return "";
        });

        assertThat(database.find(COUNTER, 1)).contains(new Counter(1, 8, 0));
        assertThat(database.find(COUNTER, 2)).contains(new Counter(2, 16, 0));
    }

    @DatabaseTest
    void an_argument_that_changes_after_it_was_deferred_is_stored_as_it_was(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, NATIVE);

        database.write(t -> {
            int[] reused = {1, 10};
            t.defer(INSERT_REUSED, List.of(reused));
            reused[0] = 2;
            reused[1] = 20;
            t.defer(INSERT_REUSED, List.of(reused));
            t.expect(SET_REUSED, List.of(reused));
            reused[1] = 30;
            return "";
        });

        assertThat(database.find(COUNTER, 1)).contains(new Counter(1, 10, 0));
        assertThat(database.find(COUNTER, 2)).contains(new Counter(2, 20, 0));
    }

    @Test
    void several_statements_in_one_text_hide_no_change_that_finds_no_row() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, NATIVE);
            database.write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));

            assertThatThrownBy(() -> database.write(t -> {
                        t.defer(TWO_IN_ONE, List.of(NoArgument.NONE));
                        t.expect(ADD, List.of(new Counter(2, 1, 1)));
                        return "";
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.STALE));
            database.write(t -> {
                t.defer(INSERT_COUNTER, List.of(new Counter(2, 0, 0)));
                t.defer(TWO_IN_ONE, List.of(NoArgument.NONE));
                t.expect(TWO_IN_ONE, List.of(NoArgument.NONE));
                assertThat(t.find(COUNTER, 2)).contains(new Counter(2, 2, 0));
                t.defer(INSERT_COUNTER, List.of(new Counter(3, 0, 0)));
                assertThat(t.run(TWO_IN_ONE, NoArgument.NONE)).isEqualTo(3);
                return "";
            });
        }
    }

    @Test
    void a_transaction_that_does_nothing_asks_the_server_nothing() throws IOException {
        assertThat(roundTrips(t -> t.waitForLocksAtMost(SHORT))).isZero();
    }

    @Test
    void very_many_changes_are_sent_in_pieces() throws IOException {
        assertThat(roundTrips(t -> {
                    for (int i = 0; i < 1_000; i++) {
                        t.defer(INSERT_COUNTER, List.of(new Counter(i, 0, 0)));
                        if (i % 7 == 0) {
                            t.defer(ADD, List.of(new Counter(i, 1, 1)));
                        }
                    }
                }))
                .isEqualTo(1_143 / 8 + 1);
    }

    @Test
    void an_error_of_a_statement_does_not_name_the_settings_before_it() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);
            database.write(t -> t.run(INSERT_COUNTER, new Counter(1, Integer.MAX_VALUE, 0)));

            assertThatThrownBy(() -> database.write(t -> {
                        t.waitForLocksAtMost(SHORT);
                        return t.run(ADD, new Counter(1, 1, 0));
                    }))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageEndingWith("(statement samples.add)");
        }
    }

    @Test
    void to_flush_sends_what_is_deferred_and_nothing_if_nothing_is() throws IOException {
        assertThat(roundTrips(t -> {
                    t.waitForLocksAtMost(SHORT);
                    t.flush();
                    t.defer(INSERT_PARENT, List.of(Parent.of("a")));
                    t.flush();
                    t.flush();
                }))
                .isEqualTo(2);
    }

    @DatabaseTest
    void later_statements_see_what_was_deferred(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);
        Parent parent = Parent.of("a");

        List<Object> seen = database.write(t -> {
            t.waitForLocksAtMost(SHORT);
            t.defer(INSERT_PARENT, List.of(parent));
            t.defer(INSERT_CHILD, children(parent, 1_000));
            Object children = t.list(COUNT_CHILDREN).get(0);
            t.defer(INSERT_COUNTER, List.of(new Counter(1, 0, 0)));
            int changed = t.run(ADD, new Counter(1, 5, 6));
            t.defer(ADD, List.of(new Counter(1, 1, 1)));
            t.defer(ADD, List.of(new Counter(1, 1, 1), new Counter(1, 1, 1)));
            return List.of(children, changed, t.find(COUNTER, 1));
        });

        assertThat(seen).containsExactly(1_000L, 1, Optional.of(new Counter(1, 8, 9)));
        assertThat(database.list(COUNT_CHILDREN)).containsExactly(1_000L);
    }

    @DatabaseTest
    void the_code_of_the_application_sees_what_was_deferred(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);

        database.write(t -> {
            t.waitForLocksAtMost(SHORT);
            t.defer(INSERT_PARENT, List.of(Parent.of("a"), Parent.of("b")));
            assertThat(countParents(t)).isEqualTo(2);
            t.defer(INSERT_PARENT, List.of(Parent.of("c")));
            assertThat(countParents(t)).isEqualTo(3);
            t.recall(SHORT);
            t.defer(INSERT_PARENT, List.of(Parent.of("d")));
            assertThat(countParents(t)).isEqualTo(4);
            return "";
        });
    }

    @DatabaseTest
    void joined_transactions_of_the_application_have_it_at_once(TestDatabase test) throws SQLException {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);
        try (var connection = test.jdbc()) {
            connection.setAutoCommit(false);
            database.join(connection, t -> {
                t.waitForLocksAtMost(SHORT);
                t.defer(INSERT_PARENT, List.of(Parent.of("a")));
                return "";
            });
            connection.commit();
        }
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    @DatabaseTest
    void nothing_stays_of_a_transaction_that_throws(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);

        assertThatThrownBy(() -> database.write(t -> {
                    t.defer(INSERT_PARENT, List.of(Parent.of("a")));
                    throw new IllegalStateException("of the test");
                }))
                .hasMessage("of the test");
        database.write(t -> t.run(INSERT_PARENT, Parent.of("b")));

        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    @DatabaseTest
    void an_error_of_what_was_deferred_names_its_statement(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);
        Parent parent = Parent.of("a");
        UniversalUuid unknown = UniversalUuid.v7();

        DatabaseException thrown = catchThrowableOfType(
                DatabaseException.class,
                () -> database.write(t -> {
                    t.waitForLocksAtMost(SHORT);
                    t.defer(INSERT_PARENT, List.of(parent));
                    t.defer(INSERT_CHILD, List.of(Child.of(unknown, 1), Child.of(unknown, 2)));
                    t.defer(INSERT_COUNTER, List.of(new Counter(1, 0, 0)));
                    return "";
                }));

        assertThat(thrown.kind()).isEqualTo(ErrorKind.FOREIGN_KEY);
        assertThat(thrown.table()).contains("sample_children");
        assertThat(thrown).hasMessageEndingWith("(statement samples.insert-child)");
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void a_value_that_cannot_be_stored_is_refused_with_its_statement(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);

        DatabaseException thrown = catchThrowableOfType(
                DatabaseException.class,
                () -> database.write(t -> {
                    t.defer(INSERT_PARENT, List.of(Parent.of(TOO_LONG)));
                    t.defer(INSERT_COUNTER, List.of(new Counter(1, 0, 0)));
                    return "";
                }));

        assertThat(thrown.kind()).isEqualTo(ErrorKind.INVALID_VALUE);
        assertThat(thrown).hasMessageContaining("code").hasMessageEndingWith("(statement samples.insert-parent)");
    }

    @Test
    void rows_that_a_trigger_leaves_out_are_missed() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);
            try (var connection = test.jdbc();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RETURN CASE NEW.code WHEN 'b' THEN NULL ELSE NEW END; END $$");
                statement.execute("CREATE TRIGGER leave_out BEFORE INSERT ON sample_parents"
                        + " FOR EACH ROW EXECUTE FUNCTION leave_out()");
            }

            assertThatThrownBy(() -> database.write(t -> {
                        t.defer(INSERT_PARENT, List.of(Parent.of("a"), Parent.of("b")));
                        return "";
                    }))
                    .isInstanceOf(DatabaseException.class)
                    .hasMessageContaining("of a batch of 2 rows 1 were inserted");
            assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
        }
    }

    @DatabaseTest
    void a_value_of_several_that_cannot_be_stored_is_refused_with_its_statement(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);

        assertThatThrownBy(() -> database.write(t -> {
                    t.defer(INSERT_PARENT, List.of(Parent.of("a"), Parent.of(TOO_LONG)));
                    return "";
                }))
                .satisfies(TransactionTest.is(ErrorKind.INVALID_VALUE))
                .hasMessageContaining("code")
                .hasMessageEndingWith("(statement samples.insert-parent)");
    }

    @DatabaseTest
    void nothing_is_committed_if_what_was_deferred_fails_when_the_connection_is_asked_for(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);

        assertThatThrownBy(() -> database.write(t -> {
                    t.run(INSERT_PARENT, Parent.of("a"));
                    assertThat(catchThrowable(() -> {
                                t.defer(INSERT_PARENT, List.of(Parent.of("b")));
                                t.defer(INSERT_PARENT, List.of(Parent.of(TOO_LONG)));
                                t.connection();
                            }))
                            .satisfies(TransactionTest.is(ErrorKind.INVALID_VALUE));
                    return "";
                }))
                .satisfies(TransactionTest.is(ErrorKind.ROLLED_BACK));
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void statements_of_the_application_may_end_with_a_comment_or_a_semicolon(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, NATIVE);

        database.write(t -> {
            t.defer(INSERT_COUNTER, List.of(new Counter(1, 1, 0)));
            t.defer(INCREMENT, List.of(NoArgument.NONE));
            t.defer(DOUBLE, List.of(NoArgument.NONE));
            t.defer(INCREMENT, List.of(NoArgument.NONE));
            assertThat(t.run(INCREMENT, NoArgument.NONE)).isEqualTo(1);
            t.defer(DOUBLE, List.of(NoArgument.NONE));
            t.defer(INCREMENT, List.of(NoArgument.NONE));
            return "";
        });

        assertThat(database.find(COUNTER, 1)).contains(new Counter(1, 13, 0));
    }

    @DatabaseTest
    void an_error_is_not_taken_for_that_of_another_statement_on_the_same_table(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS);
        Parent parent = Parent.of("a");
        Child child = Child.of(parent.id(), 0);
        database.write(t -> {
            t.defer(INSERT_PARENT, List.of(parent));
            t.defer(INSERT_CHILD, List.of(child));
            return "";
        });

        assertThatThrownBy(() -> database.write(t -> {
                    t.defer(INSERT_CHILD, List.of(Child.of(parent.id(), 1)));
                    return t.run(MOVE_CHILD, new Child(child.id(), parent.id(), null, -1));
                }))
                .satisfies(TransactionTest.is(ErrorKind.CHECK))
                .hasMessageContaining("samples.move-child");
        assertThatThrownBy(() -> database.write(t -> {
                    t.defer(INSERT_CHILD, List.of(Child.of(parent.id(), 1)));
                    return t.run(DELETE_PARENT, parent.id());
                }))
                .satisfies(TransactionTest.is(ErrorKind.FOREIGN_KEY))
                .hasMessageContaining("samples.delete-parent");
    }

    private static Stream<String> settingsOfTheDriver() {
        return Stream.of(
                "preferQueryMode=simple",
                "preferQueryMode=extendedCacheEverything",
                "autosave=always",
                "autosave=conservative",
                "defaultRowFetchSize=1",
                "prepareThreshold=1",
                "prepareThreshold=-1",
                "preparedStatementCacheQueries=0",
                "binaryTransfer=false",
                "reWriteBatchedInserts=false",
                "preferQueryMode=extendedForPrepared",
                "reWriteBatchedInserts=true",
                "cleanupSavepoints=true");
    }

    @ParameterizedTest
    @MethodSource("settingsOfTheDriver")
    void no_setting_of_the_driver_changes_what_is_deferred(String setting) {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1&" + setting, SCHEMA, SampleSchema.STATEMENTS);
            for (int round = 1; round <= OFTEN; round++) {
                int id = round;
                Parent parent = Parent.of("it's ?1 $1 ; -- " + id);
                database.write(t -> {
                    t.waitForLocksAtMost(SHORT);
                    t.defer(INSERT_PARENT, List.of(parent));
                    t.defer(INSERT_COUNTER, List.of(new Counter(id, 0, 0)));
                    return "";
                });
                assertThatThrownBy(() -> database.write(t -> {
                            t.defer(ADD, List.of(new Counter(id, 100, 100)));
                            t.defer(INSERT_CHILD, List.of(Child.of(UniversalUuid.v7(), 1)));
                            t.defer(ADD, List.of(new Counter(id, 1_000, 1_000)));
                            return "";
                        }))
                        .satisfies(TransactionTest.is(ErrorKind.FOREIGN_KEY));
                database.write(t -> {
                    t.waitForLocksAtMost(SHORT);
                    t.defer(INSERT_CHILD, children(parent, 3));
                    t.defer(ADD, List.of(new Counter(id, 1, 1)));
                    assertThat(t.batch(ADD, List.of(new Counter(id, 2, 2), new Counter(-id, 1, 1))))
                            .containsExactly(1, 0);
                    t.defer(ADD, List.of(new Counter(id, 4, 4)));
                    assertThat(t.list(COUNT_CHILDREN)).containsExactly(3L * id);
                    t.defer(ADD, List.of(new Counter(id, 8, 8)));
                    assertThat(t.run(ADD, new Counter(id, 16, 16))).isEqualTo(1);
                    t.defer(ADD, List.of(new Counter(id, 32, 32)));
                    return "";
                });

                assertThat(database.find(COUNTER, id)).contains(new Counter(id, 63, 63));
                assertThat(database.list(COUNT_PARENTS)).containsExactly((long) id);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("settingsOfTheDriver")
    void no_setting_of_the_driver_changes_what_is_expected(String setting) {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1&" + setting, SCHEMA, SampleSchema.STATEMENTS);
            for (int round = 1; round <= OFTEN; round++) {
                int id = 2 * round;
                database.write(t -> {
                    t.waitForLocksAtMost(SHORT);
                    t.batch(INSERT_COUNTER, List.of(new Counter(id, 0, 0), new Counter(id + 1, 0, 0)));
                    t.expect(ADD, List.of(new Counter(id, 1, 1), new Counter(id + 1, 1, 1)));
                    t.defer(INSERT_PARENT, List.of(Parent.of("p" + id)));
                    t.expect(ADD, List.of(new Counter(id, 2, 2)));
                    assertThat(t.find(COUNTER, id)).contains(new Counter(id, 3, 3));
                    t.expect(ADD, List.of(new Counter(id, 4, 4)));
                    assertThat(t.batch(ADD, List.of(new Counter(id, 8, 8), new Counter(-id, 1, 1))))
                            .containsExactly(1, 0);
                    t.expect(ADD, List.of(new Counter(id, 16, 16), new Counter(id + 1, 2, 2)));
                    return "";
                });
                assertThat(database.find(COUNTER, id)).contains(new Counter(id, 31, 31));
                assertThat(database.find(COUNTER, id + 1)).contains(new Counter(id + 1, 3, 3));
                List<Consumer<WriteTransaction>> endings = List.of(
                        t -> {},
                        t -> t.find(COUNTER, id),
                        t -> t.batch(ADD, List.of(new Counter(id, 8, 8), new Counter(id + 1, 1, 1))),
                        t -> t.run(ADD, new Counter(id, 8, 8)),
                        t -> t.defer(INSERT_COUNTER, List.of(new Counter(-1, 1, 1), new Counter(-2, 1, 1))),
                        t -> countParents(t));
                for (Consumer<WriteTransaction> ending : endings) {
                    assertThatThrownBy(() -> database.write(t -> {
                                t.waitForLocksAtMost(SHORT);
                                t.expect(ADD, List.of(new Counter(id, 1, 1), new Counter(-id, 1, 1)));
                                t.defer(INSERT_PARENT, List.of(Parent.of("no")));
                                ending.accept(t);
                                return "";
                            }))
                            .satisfies(TransactionTest.is(ErrorKind.STALE));
                }
                assertThat(database.find(COUNTER, id)).contains(new Counter(id, 31, 31));
                assertThat(database.list(COUNT_PARENTS)).containsExactly((long) round);
            }
        }
    }

    @Test
    void an_error_at_the_commit_is_one_of_the_transaction() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1", SCHEMA, SampleSchema.STATEMENTS);
            execute(
                    test,
                    "ALTER TABLE sample_children ALTER CONSTRAINT sample_children_parent_id_fkey"
                            + " DEFERRABLE INITIALLY DEFERRED",
                    "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$",
                    "CREATE CONSTRAINT TRIGGER lose AFTER INSERT ON sample_counters DEFERRABLE INITIALLY DEFERRED"
                            + " FOR EACH ROW EXECUTE FUNCTION lose()");

            assertThatThrownBy(() -> database.write(t -> {
                        t.defer(INSERT_PARENT, List.of(Parent.of("a")));
                        t.defer(INSERT_CHILD, List.of(Child.of(UniversalUuid.v7(), 1)));
                        return "";
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.FOREIGN_KEY))
                    .hasMessageContaining("samples.insert-child");
            assertThatThrownBy(() -> database.write(t -> {
                        t.defer(INSERT_PARENT, List.of(Parent.of("b")));
                        t.defer(INSERT_COUNTER, List.of(new Counter(1, 0, 0)));
                        return "";
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.SERIALIZATION))
                    .hasMessageStartingWith("committing a transaction");

            assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
            database.write(t -> t.run(INSERT_PARENT, Parent.of("c")));
            assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
        }
    }

    @Test
    void nothing_stays_if_the_server_ends_the_session_in_the_middle() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1", SCHEMA, SampleSchema.STATEMENTS);
            execute(
                    test,
                    "CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
                    "CREATE TRIGGER leave BEFORE INSERT ON sample_counters FOR EACH ROW EXECUTE FUNCTION leave()");

            assertThatThrownBy(() -> database.write(t -> {
                        t.defer(INSERT_PARENT, List.of(Parent.of("a")));
                        t.defer(INSERT_COUNTER, List.of(new Counter(1, 0, 0)));
                        t.defer(INSERT_PARENT, List.of(Parent.of("b")));
                        return "";
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.CONNECTION));

            assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
        }
    }

    @Test
    void texts_that_are_forgotten_are_prepared_again() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1&prepareThreshold=2", SCHEMA, SampleSchema.STATEMENTS, NATIVE);
            for (int round = 1; round <= 3; round++) {
                // Each number is another text: it is made of 1, digit by digit.
                for (int number = 128; number < 256; number++) {
                    int id = round * 1_000 + number;
                    String digits = Integer.toBinaryString(number).substring(1);
                    Counter made = database.write(t -> {
                        t.defer(EMPTY, List.of(NoArgument.NONE));
                        t.defer(INSERT_COUNTER, List.of(new Counter(id, 1, 0)));
                        t.flush();
                        digits.chars()
                                .forEach(digit -> t.defer(
                                        digit == '0' ? DOUBLE : DOUBLE_AND_INCREMENT, List.of(NoArgument.NONE)));
                        return t.find(COUNTER, id).orElseThrow();
                    });
                    assertThat(made.small()).isEqualTo(number);
                }
            }
        }
    }

    /** In a thread that can be left behind: nothing else would end it. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void what_the_server_tells_meanwhile_does_not_hold_it_up() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1", SCHEMA, SampleSchema.STATEMENTS);
            execute(
                    test,
                    "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$ BEGIN RAISE NOTICE '%', repeat('x', 5000); RETURN NEW; END $$",
                    "CREATE TRIGGER tell BEFORE INSERT ON sample_parents FOR EACH ROW EXECUTE FUNCTION tell()");
            List<Parent> parents = IntStream.range(0, 10_000)
                    .mapToObj(number -> Parent.of("parent " + number))
                    .toList();

            database.write(t -> {
                t.defer(INSERT_PARENT, parents);
                for (int set = 0; set < 6; set++) {
                    t.defer(INSERT_CHILD, children(parents.get(set), 10_000));
                }
                return "";
            });

            assertThat(database.list(COUNT_CHILDREN)).containsExactly(60_000L);
        }
    }

    private static void execute(TestDatabase test, String... statements) throws SQLException {
        try (var connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<Child> children(Parent parent, int number) {
        return IntStream.range(0, number)
                .mapToObj(position -> Child.of(parent.id(), position))
                .toList();
    }

    private static int countParents(WriteTransaction transaction) {
        try (Statement statement = transaction.connection().createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM sample_parents")) {
            result.next();
            return result.getInt(1);
        } catch (SQLException e) {
            throw transaction.classify(e, "counting");
        }
    }

    /** How often a transaction of this layer waits for the server. */
    private static int roundTrips(Consumer<WriteTransaction> work) throws IOException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.open(SCHEMA, SampleSchema.STATEMENTS);
            try (StallingProxy proxy = StallingProxy.before(test);
                    Database database = Database.open(proxy.url(), SCHEMA, SampleSchema.STATEMENTS)) {
                database.list(COUNT_PARENTS);
                int before = proxy.roundTrips();
                database.write(t -> {
                    work.accept(t);
                    return "";
                });
                return proxy.roundTrips() - before;
            }
        }
    }
}
