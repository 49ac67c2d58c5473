package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.CoreStatement;

/** From the connection of a transaction back to the transaction, and into it. */
class LentConnectionTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

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
                .hasMessageContaining("is read-only");
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

    /** What code of the application does with a connection. */
    private interface Use {
        void of(Connection connection) throws SQLException;
    }

    private static String unique() {
        return String.valueOf(NUMBER.incrementAndGet());
    }

    private static void use(Database database, Use use) {
        database.write(transaction -> {
            transaction.run(INSERT_PARENT, Parent.of(unique()));
            try {
                use.of(transaction.connection());
            } catch (SQLException e) {
                throw transaction.classify(e, "using a connection");
            }
            return "";
        });
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @DatabaseTest
    void what_ends_the_transaction_is_refused_in_all_ways_of_running_it(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        List<Use> uses = List.of(
                lent -> execute(lent, "COMMIT"),
                lent -> execute(lent, "SELECT 1; ROLLBACK"),
                lent -> lent.createStatement().executeUpdate("END"),
                lent -> lent.createStatement().executeLargeUpdate("COMMIT"),
                lent -> lent.createStatement().executeQuery("COMMIT"),
                lent -> lent.createStatement().addBatch("COMMIT"),
                lent -> lent.prepareStatement("COMMIT"),
                lent -> lent.prepareStatement("COMMIT", Statement.NO_GENERATED_KEYS),
                lent -> lent.prepareCall("COMMIT"),
                lent -> lent.createStatement().getConnection().commit(),
                lent -> lent.prepareStatement("SELECT 1").getConnection().rollback(),
                lent -> lent.createStatement()
                        .executeQuery("SELECT 1")
                        .getStatement()
                        .getConnection()
                        .commit(),
                lent -> lent.prepareStatement("SELECT 1")
                        .executeQuery()
                        .getStatement()
                        .getConnection()
                        .close(),
                lent -> lent.getMetaData().getConnection().commit(),
                lent -> lent.getMetaData()
                        .getTables(null, null, "%", null)
                        .getStatement()
                        .getConnection()
                        .commit(),
                lent -> lent.unwrap(Connection.class).commit(),
                lent -> lent.createStatement()
                        .unwrap(Statement.class)
                        .getConnection()
                        .commit());
        for (Use use : uses) {
            assertThatThrownBy(() -> use(database, use))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                    .hasMessageContaining("savepoint");
        }
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void a_transaction_that_was_ended_beneath_is_noticed(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        List<Use> uses = test.backend() == Backend.SQLITE
                ? List.of(lent -> execute(lent.unwrap(SQLiteConnection.class), "ROLLBACK"), lent -> {
                    execute(lent.unwrap(SQLiteConnection.class), "ROLLBACK");
                    execute(lent, "BEGIN");
                })
                : List.of(
                        lent -> ((Connection) lent.unwrap(PGConnection.class)).rollback(),
                        lent -> {
                            ((Connection) lent.unwrap(PGConnection.class)).rollback();
                            execute(lent, "SELECT 1");
                        },
                        lent -> execute((Connection) lent.unwrap(PGConnection.class), "ROLLBACK; BEGIN"));
        for (Use use : uses) {
            assertThatThrownBy(() -> use(database, use)).satisfies(TransactionTest.is(ErrorKind.TRANSACTION_ENDED));
            assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
        }
        use(database, lent -> {});
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    @Test
    void after_an_error_that_ended_the_transaction_nothing_more_runs() {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            Database database = test.open(SCHEMA, STATEMENTS);
            assertThatThrownBy(() -> use(database, lent -> {
                        execute(lent, "CREATE TABLE once (id INTEGER PRIMARY KEY)");
                        execute(lent, "INSERT INTO once VALUES (1)");
                        assertThatThrownBy(() -> execute(lent, "INSERT OR ROLLBACK INTO once VALUES (1)"))
                                .isInstanceOf(SQLException.class);
                        assertThatThrownBy(() -> execute(lent, "DELETE FROM sample_parents"))
                                .isInstanceOf(TransactionAbortedException.class);
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.ROLLED_BACK));
            use(database, lent -> {});
            assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
        }
    }

    private static List<String> settingsOf(TestDatabase test) {
        return test.backend() == Backend.SQLITE
                ? List.of(
                        "PRAGMA query_only = ON",
                        "PRAGMA busy_timeout = 1",
                        "PRAGMA locking_mode = EXCLUSIVE",
                        "PRAGMA ignore_check_constraints = ON",
                        "PRAGMA recursive_triggers = ON",
                        "CREATE TEMP TABLE sample_parents (id INTEGER)",
                        "CREATE TEMP TABLE \"odd \"\" name\" (id INTEGER)",
                        "CREATE TEMP VIEW sample_parents AS SELECT 1 AS id",
                        "ATTACH ':memory:' AS other",
                        "ATTACH ':memory:' AS other; SELECT * FROM other.sqlite_master")
                : List.of(
                        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
                        "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                        "SET statement_timeout = '5s'",
                        "SET LOCAL statement_timeout = '5s'",
                        "SET lock_timeout = '1ms'",
                        "SET search_path = pg_catalog",
                        "SET LOCAL search_path = pg_catalog",
                        "SELECT set_config('search_path', '', false)",
                        "SET ROLE pg_monitor",
                        "SET session_replication_role = replica",
                        "SET synchronous_commit = off",
                        "SET TimeZone = 'Asia/Tokyo'",
                        "SET bytea_output = escape",
                        "CREATE TEMP TABLE sample_parents (id INTEGER)",
                        "CREATE TEMP TABLE sample_parents (id INTEGER PRIMARY KEY DEFERRABLE INITIALLY DEFERRED);"
                                + " INSERT INTO sample_parents VALUES (1)",
                        "CREATE TEMP VIEW sample_parents AS SELECT 1 AS id",
                        "SELECT pg_advisory_lock(77)");
    }

    @DatabaseTest
    void what_is_set_of_the_session_ends_with_the_transaction(TestDatabase test) throws SQLException {
        Database database = test.open(SCHEMA, STATEMENTS);
        List<String> before = database.find(SessionState.READ, NoArgument.NONE).orElseThrow();
        long rows = 0;
        for (String setting : settingsOf(test)) {
            use(database, lent -> execute(lent, setting));
            assertThatThrownBy(() -> use(database, lent -> {
                        execute(lent, setting);
                        throw new IllegalStateException("rolled back");
                    }))
                    .hasMessage("rolled back");
            rows++;
            assertThat(database.find(SessionState.READ, NoArgument.NONE).orElseThrow())
                    .as(setting)
                    .isEqualTo(before);
            // A writer that is kept, and the same transaction as the one that lent the connection.
            database.write(transaction -> {
                transaction.connection();
                transaction.recall(Duration.ofSeconds(1));
                return transaction.run(INSERT_PARENT, Parent.of(unique()));
            });
            assertThat(database.list(COUNT_PARENTS)).as(setting).containsExactly(2 * rows);
        }
        if (test.backend() == Backend.POSTGRES) {
            try (Connection other = test.jdbc();
                    Statement statement = other.createStatement();
                    ResultSet locked = statement.executeQuery("SELECT pg_try_advisory_lock(77)")) {
                locked.next();
                assertThat(locked.getBoolean(1)).isTrue();
            }
        }
    }

    @DatabaseTest
    void the_rest_of_the_transaction_is_not_disturbed_by_what_was_set(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        for (String setting : settingsOf(test)) {
            database.write(transaction -> {
                try {
                    execute(transaction.connection(), setting);
                } catch (SQLException e) {
                    throw transaction.classify(e, setting);
                }
                transaction.recall(Duration.ofSeconds(1));
                return transaction.run(INSERT_PARENT, Parent.of(unique()));
            });
        }
        assertThat(database.list(COUNT_PARENTS))
                .containsExactly((long) settingsOf(test).size());
    }

    @DatabaseTest
    void a_connection_that_was_taken_back_and_what_it_made_is_of_no_use(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        database.write(transaction -> {
            try {
                Connection lent = transaction.connection();
                Statement statement = lent.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1");
                transaction.recall(Duration.ofSeconds(1));
                assertThatThrownBy(rows::next).satisfies(TransactionTest.is(ErrorKind.CLOSED));
                assertThatThrownBy(() -> statement.execute("SELECT 1")).satisfies(TransactionTest.is(ErrorKind.CLOSED));
                assertThatThrownBy(lent::createStatement).satisfies(TransactionTest.is(ErrorKind.CLOSED));
                rows.close();
                statement.close();
                assertThat(statement.isClosed()).isTrue();
            } catch (SQLException e) {
                throw transaction.classify(e, "using a connection");
            }
            return transaction.run(INSERT_PARENT, Parent.of(unique()));
        });
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    @DatabaseTest
    void what_only_the_driver_has_is_reached_by_unwrapping(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        use(database, lent -> {
            try (PreparedStatement prepared = lent.prepareStatement("SELECT 1");
                    ResultSet row = prepared.executeQuery()) {
                Class<?> ofDriver = test.backend() == Backend.SQLITE ? CoreStatement.class : PGStatement.class;
                assertThat(prepared.isWrapperFor(ofDriver)).isTrue();
                Object statement = prepared.unwrap(ofDriver);
                assertThat(statement).isInstanceOf(ofDriver);
                assertThat(prepared.unwrap(PreparedStatement.class)).isSameAs(prepared);
                assertThat(row.getStatement()).isSameAs(prepared);
            }
        });
    }

    @DatabaseTest
    void a_read_transaction_lends_too_whatever_a_session_had_before(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        for (String setting : settingsOf(test)) {
            use(database, lent -> execute(lent, setting));
            assertThat(database.<Boolean>read(LentConnectionTest::commitsByItself))
                    .as(setting)
                    .isFalse();
        }
    }

    @Test
    void the_isolation_of_a_transaction_can_still_be_chosen() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            for (String settings : List.of("", "?options=-c%20default_transaction_isolation=serializable")) {
                Database database = test.open(settings, SCHEMA, STATEMENTS);
                for (int again = 0; again < 2; again++) {
                    database.write(transaction -> {
                        try (Statement statement = transaction.connection().createStatement()) {
                            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                        } catch (SQLException e) {
                            throw transaction.classify(e, "choosing an isolation");
                        }
                        assertThat(OpeningTest.answer(transaction, "SHOW transaction_isolation"))
                                .isEqualTo("repeatable read");
                        return "chosen";
                    });
                }
            }
        }
    }

    @Test
    void a_transaction_is_read_committed_whatever_the_default_is() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open(
                    "?pool_size=1&options=-c%20default_transaction_isolation=serializable", SCHEMA, STATEMENTS);
            for (int again = 0; again < 2; again++) {
                database.write(transaction -> {
                    assertThat(OpeningTest.answer(transaction, "SHOW transaction_isolation"))
                            .isEqualTo("read committed");
                    assertThat(OpeningTest.answer(transaction, "SHOW default_transaction_isolation"))
                            .isEqualTo("serializable");
                    return "looked";
                });
            }
        }
    }
}
