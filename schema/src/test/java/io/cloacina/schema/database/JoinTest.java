package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.database.SampleSchema.Parents;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Work inside a transaction of the application. */
class JoinTest {
    private static final Statements OWN = new Statements("join-test");

    private static final Select<NoArgument, String> CODES = OWN.select("codes", q -> {
        var p = q.from(Parents::new);
        q.orderBy(p.code.asc());
        return row -> row.get(p.code);
    });

    private static final ChangeReturning<Parent, Parent> RENAME = OWN.updateReturning("rename", u -> {
        var p = u.table(Parents::new);
        u.set(p.code, u.arg(Parent::code));
        u.where(p.id.eq(u.arg(Parent::id)));
        return row -> new Parent(row.get(p.id), row.get(p.code));
    });

    @DatabaseTest
    void what_is_done_is_seen_when_the_applications_transaction_is_committed(TestDatabase test) throws SQLException {
        Database database = made(test);
        try (Connection connection = begun(test)) {
            create(connection, "own_table");
            int changed = database.join(connection, t -> t.run(INSERT_PARENT, Parent.of("a")));
            database.join(connection, t -> t.run(INSERT_PARENT, Parent.of("b")));

            assertThat(changed).isEqualTo(1);
            assertThat(database.<List<String>>join(connection, t -> t.list(CODES)))
                    .containsExactly("a", "b");
            assertThat(codesElsewhere(test)).as("before the commit").isEmpty();
            connection.commit();
        }
        assertThat(codesElsewhere(test)).containsExactly("a", "b");
        assertThat(database.list(CODES)).containsExactly("a", "b");
    }

    @DatabaseTest
    void what_is_done_is_gone_when_the_applications_transaction_is_rolled_back(TestDatabase test) throws SQLException {
        Database database = made(test);
        try (Connection connection = begun(test)) {
            database.join(connection, t -> t.run(INSERT_PARENT, Parent.of("lost")));
            connection.rollback();
            database.join(connection, t -> t.run(INSERT_PARENT, Parent.of("kept")));
            connection.commit();
        }
        assertThat(database.list(CODES)).containsExactly("kept");
    }

    @DatabaseTest
    void work_that_throws_leaves_nothing_and_the_transaction_goes_on(TestDatabase test) throws SQLException {
        Database database = made(test);
        Parent first = Parent.of("first");
        try (Connection connection = begun(test)) {
            database.join(connection, t -> t.run(INSERT_PARENT, first));
            create(connection, "own_table");
            assertThatThrownBy(() -> database.join(connection, t -> {
                        t.run(INSERT_PARENT, Parent.of("lost"));
                        throw new IllegalStateException("the caller's own");
                    }))
                    .hasMessage("the caller's own");
            assertThatThrownBy(() -> database.join(connection, t -> {
                        t.run(INSERT_PARENT, Parent.of("lost too"));
                        return t.run(INSERT_PARENT, Parent.of("first"));
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.UNIQUE))
                    .hasMessageContaining("sample_parents_code_key");
            assertThatThrownBy(() -> database.join(connection, t -> {
                        t.run(INSERT_PARENT, Parent.of("lost as well"));
                        assertThatThrownBy(() -> t.run(INSERT_PARENT, first))
                                .satisfies(TransactionTest.is(ErrorKind.UNIQUE));
                        return "returns";
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.ROLLED_BACK));

            try (Statement statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("INSERT INTO own_table VALUES (1)"))
                        .isEqualTo(1);
            }
            database.join(connection, t -> t.run(INSERT_PARENT, Parent.of("last")));
            connection.commit();
        }
        assertThat(database.list(CODES)).containsExactly("first", "last");
        try (Connection connection = test.jdbc()) {
            assertThat(rows(connection, "SELECT n FROM own_table")).containsExactly("1");
        }
    }

    @DatabaseTest
    void no_savepoint_is_left_behind(TestDatabase test) throws SQLException {
        Database database = made(test);
        try (Connection connection = begun(test)) {
            List<String> names = new ArrayList<>();
            Connection watched = watchingSavepoints(connection, names);
            database.join(watched, t -> t.run(INSERT_PARENT, Parent.of("a")));
            assertThatThrownBy(() -> database.join(watched, t -> {
                        throw new IllegalStateException("the caller's own");
                    }))
                    .hasMessage("the caller's own");

            assertThat(names)
                    .containsExactly(
                            "setSavepoint", "releaseSavepoint", "setSavepoint", "rollback", "releaseSavepoint");
            assertThat(connection.getAutoCommit()).isFalse();
            connection.rollback();
        }
    }

    @DatabaseTest
    void batches_and_changes_that_tell_work_in_it(TestDatabase test) throws SQLException {
        Database database = made(test);
        Parent a = Parent.of("a");
        Parent b = Parent.of("b");
        try (Connection connection = begun(test)) {
            List<Optional<Parent>> told = database.join(connection, t -> {
                assertThat(t.batch(INSERT_PARENT, List.of(a, b))).containsExactly(1, 1);
                return t.findEach(
                        RENAME, List.of(new Parent(a.id(), "c"), Parent.of("nobody"), new Parent(b.id(), "d")));
            });
            assertThat(told)
                    .containsExactly(
                            Optional.of(new Parent(a.id(), "c")),
                            Optional.empty(),
                            Optional.of(new Parent(b.id(), "d")));
            connection.commit();
        }
        assertThat(database.list(CODES)).containsExactly("c", "d");
    }

    @DatabaseTest
    void a_connection_that_commits_by_itself_is_refused_and_stays_so(TestDatabase test) throws SQLException {
        Database database = made(test);
        try (Connection connection = test.jdbc()) {
            assertThatThrownBy(() -> database.join(connection, t -> t.run(INSERT_PARENT, Parent.of("never"))))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                    .hasMessageContaining("call setAutoCommit(false) on it first");
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(database.list(COUNT_PARENTS)).containsExactly(0L);
    }

    @DatabaseTest
    void a_connection_of_another_database_is_refused_and_its_transaction_goes_on(TestDatabase test)
            throws SQLException {
        Database database = made(test);
        try (TestDatabase other = TestDatabase.create(test.backend())) {
            made(other);
            try (Database ofSource = Database.open(DataSourceTest.plain(test), SCHEMA, STATEMENTS, OWN);
                    Connection connection = begun(other)) {
                create(connection, "own_table");
                for (Database refusing : List.of(database, ofSource)) {
                    assertThatThrownBy(() -> refusing.join(connection, t -> t.run(INSERT_PARENT, Parent.of("never"))))
                            .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                            .hasMessageContaining(nameOf(test))
                            .hasMessageContaining(nameOf(other))
                            .hasMessageContaining("can be joined");
                }
                assertThat(rows(connection, "SELECT n FROM own_table")).isEmpty();
                connection.commit();
            }
            assertThat(codesElsewhere(other)).isEmpty();
        }
    }

    @DatabaseTest
    void a_connection_of_another_product_is_refused_and_its_transaction_goes_on(TestDatabase test) throws SQLException {
        Database database = made(test);
        Backend another = test.backend() == Backend.SQLITE ? Backend.POSTGRES : Backend.SQLITE;
        try (TestDatabase other = TestDatabase.create(another);
                Connection connection = begun(other)) {
            create(connection, "own_table");
            assertThatThrownBy(() -> database.join(connection, t -> "never"))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                    .hasMessageContaining(another == Backend.SQLITE ? "is of SQLite" : "is of PostgreSQL")
                    .hasMessageContaining(database.toString());
            assertThat(rows(connection, "SELECT n FROM own_table")).isEmpty();
        }
    }

    @Test
    void a_database_in_memory_is_joined_by_nobody() throws SQLException {
        try (Database memory = Database.open("sqlite::memory:");
                TestDatabase file = TestDatabase.create(Backend.SQLITE);
                Database database = Database.open(file.url());
                Connection ofMemory = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            ofMemory.setAutoCommit(false);
            assertThatThrownBy(() -> memory.join(ofMemory, t -> "never"))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                    .hasMessageContaining("the connection is of a database in memory")
                    .hasMessageContaining("this database is in memory");
            assertThatThrownBy(() -> database.join(ofMemory, t -> "never"))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                    .hasMessageContaining("the connection is of a database in memory");
        }
    }

    @DatabaseTest
    void a_closed_connection_is_refused(TestDatabase test) throws SQLException {
        Database database = made(test);
        Connection connection = begun(test);
        connection.close();

        assertThatThrownBy(() -> database.join(connection, t -> "never"))
                .satisfies(TransactionTest.is(ErrorKind.CONNECTION))
                .hasMessageContaining("the connection cannot be used");
    }

    @DatabaseTest
    void a_transaction_is_not_usable_when_its_work_has_ended(TestDatabase test) throws SQLException {
        Database database = made(test);
        try (Connection connection = begun(test)) {
            WriteTransaction ended = database.join(connection, t -> t);
            assertThatThrownBy(() -> ended.run(INSERT_PARENT, Parent.of("never")))
                    .satisfies(TransactionTest.is(ErrorKind.CLOSED));
            assertThatThrownBy(() -> ended.findEach(RENAME, List.of(Parent.of("never"))))
                    .satisfies(TransactionTest.is(ErrorKind.CLOSED));
            assertThatThrownBy(ended::connection).satisfies(TransactionTest.is(ErrorKind.CLOSED));
            connection.commit();
        }
    }

    @DatabaseTest
    void the_connection_that_is_lent_refuses_to_end_the_applications_transaction(TestDatabase test)
            throws SQLException {
        Database database = made(test);
        try (Connection connection = begun(test)) {
            database.<Boolean>join(connection, t -> {
                assertThatThrownBy(() -> t.connection().commit()).satisfies(TransactionTest.is(ErrorKind.STATEMENT));
                assertThatThrownBy(() -> t.connection().close()).satisfies(TransactionTest.is(ErrorKind.STATEMENT));
                ErrorKindsTest.sql(t, "UPDATE sample_parents SET code = 'x'");
                return true;
            });
            connection.commit();
        }
    }

    @DatabaseTest
    void a_transaction_inside_another_is_refused_either_way(TestDatabase test) throws SQLException {
        Database database = made(test);
        try (Connection connection = begun(test)) {
            assertThatThrownBy(() -> database.join(connection, t -> database.write(inner -> "never")))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                    .hasMessageContaining("already in a transaction");
            assertThatThrownBy(() -> database.write(t -> database.join(connection, inner -> "never")))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT))
                    .hasMessageContaining("already in a transaction");
            assertThat(database.<Integer>join(connection, t -> t.run(INSERT_PARENT, Parent.of("a"))))
                    .isEqualTo(1);
            connection.commit();
        }
    }

    @DatabaseTest
    void a_connection_of_the_pool_that_the_database_uses_can_be_joined(TestDatabase test) throws SQLException {
        made(test);
        try (HikariDataSource pool = DataSourceTest.pool(test, 6);
                Database database = Database.open(pool, SCHEMA, STATEMENTS, OWN)) {
            for (String code : List.of("a", "b")) {
                try (Connection connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    database.join(connection, t -> t.run(INSERT_PARENT, Parent.of(code)));
                    connection.commit();
                }
            }
            assertThat(database.list(CODES)).containsExactly("a", "b");
        }
    }

    @DatabaseTest
    void a_connection_that_breaks_fails_its_join_and_no_other(TestDatabase test) throws SQLException {
        Database database = made(test);
        try (Connection connection = begun(test)) {
            assertThatThrownBy(() -> database.join(connection, t -> {
                        t.run(INSERT_PARENT, Parent.of("lost"));
                        BrokenConnectionTest.cut(test, t);
                        return t.run(INSERT_PARENT, Parent.of("never"));
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.CONNECTION));
        }
        try (Connection connection = begun(test)) {
            database.join(connection, t -> t.run(INSERT_PARENT, Parent.of("next")));
            connection.commit();
        }
        assertThat(database.list(CODES)).containsExactly("next");
    }

    @DatabaseTest
    void other_threads_write_while_connections_are_joined(TestDatabase test) throws Exception {
        Database database = made(test);
        List<CompletableFuture<Void>> work = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            int number = thread;
            work.add(CompletableFuture.runAsync(
                    () -> {
                        for (int turn = 0; turn < 20; turn++) {
                            Parent parent = Parent.of(number + "-" + turn);
                            if (number % 2 == 0) {
                                database.write(t -> t.run(INSERT_PARENT, parent));
                            } else {
                                joinAndCommit(test, database, parent);
                            }
                        }
                    },
                    ConcurrencyTest.NEW_THREAD));
        }
        for (CompletableFuture<Void> each : work) {
            each.get(60, TimeUnit.SECONDS);
        }
        assertThat(database.list(COUNT_PARENTS)).containsExactly(80L);
    }

    @DatabaseTest
    void closing_waits_for_a_join_under_way_and_refuses_the_next(TestDatabase test) throws Exception {
        Database database = made(test);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Connection connection = begun(test)) {
            CompletableFuture<Integer> joined = CompletableFuture.supplyAsync(
                    () -> database.join(connection, t -> {
                        inside.countDown();
                        ConcurrencyTest.awaited(goOn);
                        return t.run(INSERT_PARENT, Parent.of("a"));
                    }),
                    ConcurrencyTest.NEW_THREAD);
            assertThat(ConcurrencyTest.awaited(inside)).isTrue();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(database::close, ConcurrencyTest.NEW_THREAD);

            while (CloseTest.isOpen(database)) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> database.join(connection, t -> "never"))
                    .satisfies(TransactionTest.is(ErrorKind.CLOSED));
            assertThat(closed).isNotDone();
            goOn.countDown();

            assertThat(joined.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            closed.get(30, TimeUnit.SECONDS);
            connection.commit();
        }
        assertThat(codesElsewhere(test)).containsExactly("a");
    }

    private static void joinAndCommit(TestDatabase test, Database database, Parent parent) {
        try (Connection connection = begun(test)) {
            database.join(connection, t -> t.run(INSERT_PARENT, parent));
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection as the driver makes it, in a transaction. */
    private static Connection begun(TestDatabase test) throws SQLException {
        DataSource source = DataSourceTest.plain(test);
        Connection connection = source.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static Connection watchingSavepoints(Connection connection, List<String> names) {
        return (Connection) Proxy.newProxyInstance(
                JoinTest.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().contains("Savepoint")
                            || method.getName().equals("rollback")) {
                        names.add(method.getName());
                    }
                    return method.invoke(connection, arguments);
                });
    }

    private static void create(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + table + " (n INTEGER)");
        }
    }

    private static List<String> codesElsewhere(TestDatabase test) throws SQLException {
        try (Connection connection = test.jdbc()) {
            return rows(connection, "SELECT code FROM sample_parents ORDER BY code");
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }

    private static String nameOf(TestDatabase test) {
        return test.url().substring(test.url().lastIndexOf(test.backend() == Backend.SQLITE ? ':' : '/') + 1);
    }

    private static Database made(TestDatabase test) {
        return test.open(SCHEMA, STATEMENTS, OWN);
    }
}
