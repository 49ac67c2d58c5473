package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** From the connection of a transaction back to the transaction, and into it. */
class LentConnectionTest {
    @DatabaseTest
    void a_transaction_is_found_again_by_its_connection(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(transaction -> {
            Connection lent = transaction.connection();
            assertThat(WriteTransaction.of(lent)).isSameAs(transaction);
            assertThat(WriteTransaction.of(wrapped(lent))).isSameAs(transaction);
            return WriteTransaction.of(lent).run(INSERT_PARENT, Parent.of("a"));
        });
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    /** As those who watch connections wrap them. */
    private static Connection wrapped(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                LentConnectionTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @DatabaseTest
    void other_connections_have_no_transaction_of_this_layer(TestDatabase test) throws SQLException {
        Database database = test.open(SCHEMA, STATEMENTS);
        try (Connection plain = test.jdbc()) {
            assertThatThrownBy(() -> WriteTransaction.of(plain))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                    .hasMessageContaining("Database.join(connection, ...)");
        }
        assertThatThrownBy(() -> database.read(transaction -> WriteTransaction.of(transaction.connection())))
                .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                .hasMessageContaining("only reads");
    }

    @DatabaseTest
    void another_thread_does_not_get_the_transaction(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(transaction -> {
            Connection lent = transaction.connection();
            assertThatThrownBy(() -> CompletableFuture.supplyAsync(() -> WriteTransaction.of(lent))
                            .join())
                    .cause()
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT));
            return "";
        });
    }

    @DatabaseTest
    void a_connection_that_was_kept_is_of_no_use_to_later_transactions(TestDatabase test) throws SQLException {
        Database database = test.open(SCHEMA, STATEMENTS);
        List<Connection> kept = new ArrayList<>();
        database.write(transaction -> {
            kept.add(transaction.connection());
            assertThat(transaction.connection()).isSameAs(kept.get(0));
            return "";
        });

        database.write(transaction -> {
            assertThatThrownBy(() -> kept.get(0).createStatement())
                    .satisfies(TransactionTest.is(ErrorKind.CLOSED))
                    .hasMessageContaining("has ended");
            assertThatThrownBy(() -> WriteTransaction.of(kept.get(0))).satisfies(TransactionTest.is(ErrorKind.CLOSED));
            return "";
        });
        assertThat(kept.get(0).isClosed()).isTrue();
        assertThat(kept.get(0).isValid(1)).isFalse();
        assertThat(kept.get(0)).isEqualTo(kept.get(0)).hasToString(kept.get(0).toString());
    }

    @DatabaseTest
    void it_says_that_it_is_in_a_transaction(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        assertThat(database.<Boolean>write(LentConnectionTest::commitsByItself)).isFalse();
        assertThat(database.<Boolean>read(LentConnectionTest::commitsByItself)).isFalse();
    }

    private static boolean commitsByItself(ReadTransaction transaction) {
        try {
            return transaction.connection().getAutoCommit();
        } catch (SQLException e) {
            throw transaction.classify(e, "asking a connection");
        }
    }

    @DatabaseTest
    void joining_it_makes_a_part_of_the_transaction_that_is_kept_or_undone_as_a_whole(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(transaction -> {
            transaction.run(INSERT_PARENT, Parent.of("a"));
            database.join(transaction.connection(), part -> part.run(INSERT_PARENT, Parent.of("b")));
            assertThatThrownBy(() -> database.join(transaction.connection(), part -> {
                        part.run(INSERT_PARENT, Parent.of("c"));
                        return part.run(INSERT_PARENT, Parent.of("a"));
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.UNIQUE));
            assertThatThrownBy(() -> database.join(transaction.connection(), outer -> {
                        database.join(outer.connection(), inner -> inner.run(INSERT_PARENT, Parent.of("d")));
                        throw new IllegalStateException("the outer part");
                    }))
                    .hasMessage("the outer part");
            return transaction.run(INSERT_PARENT, Parent.of("e"));
        });
        assertThat(database.list(COUNT_PARENTS)).containsExactly(3L);
    }

    @DatabaseTest
    void a_part_cannot_save_a_transaction_that_has_failed(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        Parent twice = Parent.of("a");
        assertThatThrownBy(() -> database.write(transaction -> {
                    Connection lent = transaction.connection();
                    transaction.run(INSERT_PARENT, twice);
                    assertThatThrownBy(() -> transaction.run(INSERT_PARENT, twice))
                            .satisfies(TransactionTest.is(ErrorKind.UNIQUE));
                    assertThatThrownBy(() -> database.join(lent, part -> part.run(INSERT_PARENT, Parent.of("b"))))
                            .satisfies(TransactionTest.is(ErrorKind.ROLLED_BACK));
                    return "";
                }))
                .satisfies(TransactionTest.is(ErrorKind.ROLLED_BACK));
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void another_database_of_the_same_place_joins_it(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        Database other = test.open(SCHEMA, STATEMENTS);
        database.write(transaction -> {
            transaction.run(INSERT_PARENT, Parent.of("a"));
            other.join(transaction.connection(), part -> part.run(INSERT_PARENT, Parent.of("b")));
            assertThatThrownBy(() -> other.join(transaction.connection(), part -> {
                        part.run(INSERT_PARENT, Parent.of("c"));
                        throw new IllegalStateException("undone");
                    }))
                    .hasMessage("undone");
            return transaction.run(INSERT_PARENT, Parent.of("d"));
        });
        assertThat(other.list(COUNT_PARENTS)).containsExactly(3L);
        assertThat(database.<Integer>write(t -> t.run(INSERT_PARENT, Parent.of("e"))))
                .isEqualTo(1);
    }

    @DatabaseTest
    void the_connection_of_a_read_transaction_is_not_joined(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        assertThatThrownBy(() -> database.read(transaction ->
                        database.join(transaction.connection(), part -> part.run(INSERT_PARENT, Parent.of("a")))))
                .satisfies(TransactionTest.is(ErrorKind.STATEMENT));
    }

    @Test
    void a_second_writer_of_the_same_file_is_refused_instead_of_waiting_for_the_first() {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE);
                TestDatabase elsewhere = TestDatabase.create(Backend.SQLITE)) {
            Database database = test.open(SCHEMA, STATEMENTS);
            Database other = test.open(SCHEMA, STATEMENTS);
            Database apart = elsewhere.open(SCHEMA, STATEMENTS);
            database.write(transaction -> {
                assertThatThrownBy(() -> other.write(second -> second))
                        .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                        .hasMessageContaining("open the file once and share the Database");
                assertThat(other.isHeldByThisThread()).isTrue();
                assertThat(apart.isHeldByThisThread()).isFalse();
                assertThat(other.list(COUNT_PARENTS)).containsExactly(0L);
                apart.write(second -> {
                    assertThatThrownBy(() -> other.write(third -> third))
                            .satisfies(TransactionTest.is(ErrorKind.STATEMENT));
                    return second.run(INSERT_PARENT, Parent.of("apart"));
                });
                return transaction.run(INSERT_PARENT, Parent.of("a"));
            });
            assertThat(other.isHeldByThisThread()).isFalse();
            assertThat(other.<Integer>write(t -> t.run(INSERT_PARENT, Parent.of("b"))))
                    .isEqualTo(1);
            assertThat(apart.list(COUNT_PARENTS)).containsExactly(1L);
        }
    }
}
