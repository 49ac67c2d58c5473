package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_CHILD;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cloacina.schema.database.SampleSchema.Child;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TransactionTest {
    private static final Statements STATEMENTS = new Statements("transaction-test");

    private static final Command<UniversalUuid> INSERT = STATEMENTS.insert("insert", i -> {
        var c = i.into(Contexts::new);
        i.set(c.id, i.arg());
        i.set(c.value, "{}");
        i.set(c.createdAt, UniversalTimestamp.MIN);
        i.set(c.updatedAt, UniversalTimestamp.MAX);
    });

    private static final Select<NoArgument, Long> COUNT = STATEMENTS.select("count", q -> {
        q.from(Contexts::new);
        var count = q.count();
        return row -> row.get(count);
    });

    private static final Statements OF_SAMPLES = new Statements("transaction-test-samples");

    private static final Select<NoArgument, String> CODES = OF_SAMPLES.select("codes", q -> {
        var p = q.from(SampleSchema.Parents::new);
        q.orderBy(p.code.asc());
        return row -> row.get(p.code);
    });

    @DatabaseTest
    void what_returns_is_committed_and_what_throws_is_rolled_back(TestDatabase test) {
        Database database = test.migrated(STATEMENTS);

        database.write(transaction -> transaction.run(INSERT, UniversalUuid.v7()));
        assertThatThrownBy(() -> database.write(transaction -> {
                    transaction.run(INSERT, UniversalUuid.v7());
                    throw new IllegalStateException("the caller's own");
                }))
                .hasMessage("the caller's own");

        assertThat(database.list(COUNT)).containsExactly(1L);
    }

    @DatabaseTest
    void a_swallowed_error_still_rolls_the_transaction_back(TestDatabase test) {
        Database database = test.migrated(STATEMENTS);
        UniversalUuid id = UniversalUuid.v7();

        assertThatThrownBy(() -> database.write(transaction -> {
                    transaction.run(INSERT, id);
                    try {
                        transaction.run(INSERT, id);
                    } catch (DatabaseException e) {
                        assertThat(e.kind()).isEqualTo(ErrorKind.UNIQUE);
                    }
                    return id;
                }))
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ROLLED_BACK));

        assertThat(database.list(COUNT)).containsExactly(0L);
    }

    @DatabaseTest
    void an_invalid_value_makes_the_transaction_rollback_only_too(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

        assertThatThrownBy(() -> database.write(transaction -> {
                    transaction.run(INSERT_PARENT, Parent.of("first"));
                    assertThatThrownBy(() -> transaction.run(INSERT_PARENT, Parent.of("\0")))
                            .isInstanceOf(DatabaseException.class);
                    assertThatThrownBy(() -> transaction.run(INSERT_PARENT, Parent.of("second")))
                            .satisfies(is(ErrorKind.ROLLED_BACK));
                    assertThatThrownBy(() -> transaction.list(COUNT_PARENTS)).satisfies(is(ErrorKind.ROLLED_BACK));
                    assertThatThrownBy(transaction::connection).satisfies(is(ErrorKind.ROLLED_BACK));
                    return "returns";
                }))
                .satisfies(is(ErrorKind.ROLLED_BACK))
                .hasMessageContaining("sample_parents.code: text has U+0000");

        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void a_classified_error_of_plain_sql_makes_the_transaction_rollback_only(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

        assertThatThrownBy(() -> database.write(transaction -> {
                    transaction.run(INSERT_PARENT, Parent.of("first"));
                    assertThatThrownBy(() -> ErrorKindsTest.sql(transaction, "no SQL at all"))
                            .satisfies(is(ErrorKind.STATEMENT));
                    return "returns";
                }))
                .satisfies(is(ErrorKind.ROLLED_BACK));

        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void more_than_one_row_where_one_is_expected_is_an_error(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);
        database.write(t -> t.batch(INSERT_PARENT, List.of(Parent.of("a"), Parent.of("b"))));

        assertThatThrownBy(() -> database.find(CODES, NoArgument.NONE))
                .satisfies(is(ErrorKind.STATEMENT))
                .hasMessageContaining(CODES.name());
        assertThat(database.list(CODES)).containsExactly("a", "b");
    }

    @DatabaseTest
    void a_second_transaction_in_the_same_thread_is_refused(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

        database.read(transaction -> {
            assertThatThrownBy(() -> database.write(inner -> "never")).satisfies(is(ErrorKind.STATEMENT));
            assertThatThrownBy(() -> database.read(inner -> "never")).satisfies(is(ErrorKind.STATEMENT));
            assertThatThrownBy(() -> database.alter(inner -> "never")).satisfies(is(ErrorKind.STATEMENT));
            assertThatThrownBy(() -> database.list(COUNT_PARENTS))
                    .satisfies(is(ErrorKind.STATEMENT))
                    .hasMessageContaining("already in a transaction");
            return transaction.list(COUNT_PARENTS);
        });

        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void a_transaction_is_of_no_use_after_its_end(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

        WriteTransaction kept = database.write(transaction -> transaction);

        assertThatThrownBy(() -> kept.run(INSERT_PARENT, Parent.of("late"))).satisfies(is(ErrorKind.CLOSED));
        assertThatThrownBy(kept::connection).satisfies(is(ErrorKind.CLOSED));
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void a_transaction_is_of_no_use_to_another_thread(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

        database.write(transaction -> assertThat(CompletableFuture.supplyAsync(
                                () -> catchThrowable(() -> transaction.run(INSERT_PARENT, Parent.of("other thread"))))
                        .join())
                .satisfies(is(ErrorKind.STATEMENT)));

        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void a_read_transaction_sees_one_snapshot_while_others_write(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);
        Database other = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);
        database.write(t -> t.run(INSERT_PARENT, Parent.of("a")));

        database.read(transaction -> {
            assertThat(transaction.list(COUNT_PARENTS)).containsExactly(1L);
            CompletableFuture.runAsync(() -> database.write(t -> t.run(INSERT_PARENT, Parent.of("same database"))))
                    .join();
            other.write(t -> t.run(INSERT_PARENT, Parent.of("another one")));
            assertThat(transaction.list(COUNT_PARENTS)).containsExactly(1L);
            return transaction.list(CODES);
        });

        assertThat(database.list(COUNT_PARENTS)).containsExactly(3L);
    }

    @DatabaseTest
    void a_read_transaction_cannot_write_by_plain_sql_either(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);
        database.write(t -> t.run(INSERT_PARENT, Parent.of("a")));

        assertThatThrownBy(() -> database.read(transaction -> {
                    try (Statement statement = transaction.connection().createStatement()) {
                        return statement.executeUpdate("DELETE FROM sample_parents");
                    } catch (SQLException e) {
                        throw transaction.classify(e, "plain SQL");
                    }
                }))
                .satisfies(is(ErrorKind.READ_ONLY));

        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
        assertThat(database.<Integer>write(t -> t.run(INSERT_PARENT, Parent.of("b"))))
                .isEqualTo(1);
    }

    @Test
    void a_read_transaction_of_a_database_in_memory_cannot_write_either() {
        try (Database database = Database.open("sqlite::memory:")) {
            database.<Boolean>write(t -> {
                ErrorKindsTest.sql(t, "CREATE TABLE t (n INTEGER) STRICT");
                return true;
            });
            database.write(t -> OpeningTest.answer(t, "INSERT INTO t VALUES (1) RETURNING n"));

            assertThatThrownBy(() -> database.read(t -> OpeningTest.answer(t, "DELETE FROM t RETURNING n")))
                    .satisfies(is(ErrorKind.READ_ONLY));

            database.write(t -> assertThat(OpeningTest.answer(t, "DELETE FROM t RETURNING n"))
                    .isEqualTo("1"));
        }
    }

    @DatabaseTest
    void the_connection_of_a_transaction_can_be_neither_closed_nor_committed(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

        database.write(transaction -> {
            transaction.run(INSERT_PARENT, Parent.of("a"));
            Connection connection = transaction.connection();
            assertThatThrownBy(connection::close).satisfies(is(ErrorKind.STATEMENT));
            assertThatThrownBy(connection::commit).satisfies(is(ErrorKind.STATEMENT));
            assertThatThrownBy(connection::rollback).satisfies(is(ErrorKind.STATEMENT));
            assertThatThrownBy(() -> connection.setAutoCommit(true))
                    .satisfies(is(ErrorKind.STATEMENT))
                    .hasMessageContaining("setAutoCommit()");
            return transaction.run(INSERT_PARENT, Parent.of("b"));
        });

        assertThat(database.list(COUNT_PARENTS)).containsExactly(2L);
    }

    @DatabaseTest
    void a_savepoint_undoes_a_part_and_leaves_the_connection_as_it_was(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

        for (int turn = 0; turn < 2; turn++) {
            String code = "kept" + turn;
            database.write(transaction -> {
                transaction.run(INSERT_PARENT, Parent.of(code));
                try {
                    Savepoint before = transaction.connection().setSavepoint();
                    transaction.run(INSERT_PARENT, Parent.of("undone"));
                    transaction.connection().rollback(before);
                    transaction.connection().releaseSavepoint(before);
                } catch (SQLException e) {
                    throw transaction.classify(e, "a savepoint");
                }
                return transaction.run(INSERT_PARENT, Parent.of("also " + code));
            });
        }

        assertThat(database.list(CODES)).containsExactly("also kept0", "also kept1", "kept0", "kept1");
        assertThat(test.open(SCHEMA, OF_SAMPLES).list(CODES)).hasSize(4);
    }

    @DatabaseTest
    void a_savepoint_that_is_never_released_ends_with_its_transaction(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

        for (String code : List.of("a", "b", "fails", "c", "fails", "d")) {
            assertThat(catchThrowable(() -> database.write(transaction -> {
                        try {
                            transaction.connection().setSavepoint();
                            transaction.run(INSERT_PARENT, Parent.of(code));
                        } catch (SQLException e) {
                            throw transaction.classify(e, "a savepoint");
                        }
                        if (code.equals("fails")) {
                            throw new IllegalStateException(code);
                        }
                        return code;
                    })))
                    .satisfiesAnyOf(
                            e -> assertThat(e).isNull(), e -> assertThat(e).hasMessage("fails"));
        }

        assertThat(test.open(SCHEMA, OF_SAMPLES).list(CODES)).containsExactly("a", "b", "c", "d");
    }

    @DatabaseTest
    void a_failed_change_of_the_schema_leaves_nothing_and_foreign_keys_hold_afterwards(TestDatabase test) {
        Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

        assertThatThrownBy(() -> database.alter(transaction -> {
                    ErrorKindsTest.sql(transaction, "CREATE TABLE made (n INTEGER)");
                    throw new IllegalStateException("on the way");
                }))
                .hasMessage("on the way");

        assertThatThrownBy(() -> database.write(t -> OpeningTest.answer(t, "SELECT 1 FROM made")))
                .satisfies(is(ErrorKind.STATEMENT));
        assertThatThrownBy(() -> database.write(t -> t.run(INSERT_CHILD, Child.of(UniversalUuid.v7(), 1))))
                .satisfies(is(ErrorKind.FOREIGN_KEY));
    }

    @Test
    void foreign_keys_hold_after_a_change_of_the_schema_that_could_not_begin() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            Database database = test.open("?busy_timeout=1", SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);

            try (Connection holder = test.jdbc();
                    Statement statement = holder.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                assertThatThrownBy(() -> database.alter(never -> "never")).satisfies(is(ErrorKind.BUSY));
                statement.execute("COMMIT");
            }

            assertThatThrownBy(() -> database.write(t -> t.run(INSERT_CHILD, Child.of(UniversalUuid.v7(), 1))))
                    .satisfies(is(ErrorKind.FOREIGN_KEY));
        }
    }

    @Test
    void a_change_of_the_schema_that_breaks_references_is_rolled_back() {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            Database database = test.open(SCHEMA, SampleSchema.STATEMENTS, OF_SAMPLES);
            Parent parent = Parent.of("a");
            database.write(t -> {
                t.run(INSERT_PARENT, parent);
                return t.run(INSERT_CHILD, Child.of(parent.id(), 1));
            });

            assertThatThrownBy(
                            () -> database.alter(t -> OpeningTest.answer(t, "DELETE FROM sample_parents RETURNING 1")))
                    .satisfies(is(ErrorKind.FOREIGN_KEY))
                    .hasMessageContaining("sample_children");

            assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
            assertThatThrownBy(() -> database.write(t -> t.run(INSERT_CHILD, Child.of(UniversalUuid.v7(), 1))))
                    .satisfies(is(ErrorKind.FOREIGN_KEY));
        }
    }

    static Consumer<Throwable> is(ErrorKind kind) {
        return e -> assertThat(e)
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        found -> assertThat(found.kind()).as(found.getMessage()).isEqualTo(kind));
    }
}
