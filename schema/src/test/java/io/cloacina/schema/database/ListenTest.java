package io.cloacina.schema.database;

import static io.cloacina.schema.database.Database.NOTIFY;
import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_COUNTER;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.cloacina.schema.database.SampleSchema.Counter;
import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.StatementConformance;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Notifications of what others commit. */
class ListenTest {
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

    @DatabaseTest
    void a_notification_prepares_with_the_types_that_its_codecs_expect(TestDatabase test) throws SQLException {
        StatementConformance.on(test, test.open()).prepares(Database.OWN_STATEMENTS);
    }

    @DatabaseTest
    void what_another_database_object_commits_is_notified(TestDatabase test) throws Exception {
        Database listening = test.open(SCHEMA, STATEMENTS);
        Database other = test.open(SCHEMA, STATEMENTS);
        try (Subscription subscription = listening.listen(received::add)) {
            assertThat(subscription).isNotNull();
            assertThat(next()).as("the first one").isEmpty();
            for (int turn = 0; turn < 3; turn++) {
                commit(other, "text-" + turn);
                assertThat(next()).isEqualTo(test.backend() == Backend.SQLITE ? "" : "text-" + turn);
            }
            commit(listening, "own");
            assertThat(next()).isEqualTo(test.backend() == Backend.SQLITE ? "" : "own");
        }
    }

    @Test
    void what_is_rolled_back_is_not_notified_on_postgresql() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database listening = test.open(SCHEMA, STATEMENTS);
            Database other = test.open(SCHEMA, STATEMENTS);
            try (Subscription subscription = listening.listen(received::add)) {
                assertThat(subscription).isNotNull();
                assertThat(next()).isEmpty();
                assertThatThrownBy(() -> other.write(t -> {
                            t.find(NOTIFY, "lost");
                            throw new IllegalStateException("the caller's own");
                        }))
                        .hasMessage("the caller's own");
                commit(other, "kept");
                // Notifications come in the order of the commits: the lost one would have been before.
                assertThat(next()).isEqualTo("kept");
            }
            assertThat(received).isEmpty();
        }
    }

    @Test
    void what_another_process_commits_is_notified_on_sqlite() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            Database listening = test.open(SCHEMA, STATEMENTS);
            listening.write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));
            ProcessesTest.Child child = ProcessesTest.Child.start("write", test.url());
            try {
                assertThat(child.line()).isEqualTo("ready");
                child.go();
                assertThat(child.line()).isEqualTo("inside");
                try (Subscription subscription = listening.listen(received::add)) {
                    assertThat(subscription).isNotNull();
                    assertThat(next()).isEmpty();
                    child.go();
                    assertThat(next()).isEmpty();
                }
                assertThat(child.end()).isZero();
            } finally {
                child.kill();
            }
            assertThat(listening.find(SampleSchema.COUNTER, 2)).isPresent();
        }
    }

    @Test
    void a_commit_of_a_plain_connection_is_notified_on_sqlite() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE);
                Connection plain = test.jdbc();
                Statement statement = plain.createStatement()) {
            Database listening = test.open(SCHEMA, STATEMENTS);
            try (Subscription subscription = listening.listen(received::add)) {
                assertThat(subscription).isNotNull();
                assertThat(next()).isEmpty();
                statement.execute("CREATE TABLE another (n INTEGER)");
                assertThat(next()).isEmpty();
            }
        }
    }

    @Test
    void a_connection_that_is_killed_is_opened_again_and_an_empty_notification_says_so() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open(SCHEMA, STATEMENTS);
            try (Subscription subscription = database.listen(received::add)) {
                assertThat(subscription).isNotNull();
                assertThat(next()).isEmpty();
                assertThat(query(
                                test,
                                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                                        + " WHERE datname = current_database() AND query LIKE 'LISTEN %'"))
                        .containsExactly("t");
                assertThat(next()).as("after the connection was lost").isEmpty();
                commit(database, "again");
                assertThat(next()).isEqualTo("again");
            }
        }
    }

    @DatabaseTest
    void closing_ends_the_thread_and_the_connection_at_once(TestDatabase test) throws Exception {
        Database database = test.open(SCHEMA, STATEMENTS);
        Set<Thread> before = threads();
        Subscription subscription = database.listen(received::add);
        assertThat(next()).isEmpty();
        assertThat(threadsSince(before)).hasSize(1);

        assertTimeoutPreemptively(AT_ONCE, subscription::close);
        subscription.close();

        assertThat(threadsSince(before)).isEmpty();
        commit(database, "nobody's");
        assertThat(received).isEmpty();
        if (test.backend() == Backend.POSTGRES) {
            awaitNobodyListens(test);
        }
    }

    @DatabaseTest
    void closing_the_database_ends_listening_too(TestDatabase test) throws Exception {
        Set<Thread> before = threads();
        Database database = Database.open(test.url(), SCHEMA, STATEMENTS);
        Subscription subscription = database.listen(received::add);
        assertThat(next()).isEmpty();

        assertTimeoutPreemptively(AT_ONCE, database::close);

        assertThat(threadsSince(before)).isEmpty();
        subscription.close();
        assertThatThrownBy(() -> database.listen(received::add)).satisfies(TransactionTest.is(ErrorKind.CLOSED));
    }

    @DatabaseTest
    void closing_waits_for_a_notification_that_is_being_handled(TestDatabase test) throws Exception {
        Database database = test.open(SCHEMA, STATEMENTS);
        CountDownLatch handling = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Subscription subscription = database.listen(text -> {
            handling.countDown();
            ConcurrencyTest.awaited(goOn);
            received.add("handled");
        });
        assertThat(ConcurrencyTest.awaited(handling)).isTrue();
        Thread closer = new Thread(subscription::close);
        closer.start();
        while (closer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(received).isEmpty();
        goOn.countDown();
        closer.join(30_000);
        assertThat(closer.isAlive()).isFalse();
        assertThat(received).containsExactly("handled");
    }

    @DatabaseTest
    void a_handler_of_notifications_may_close(TestDatabase test) throws Exception {
        Database database = test.open(SCHEMA, STATEMENTS);
        Set<Thread> before = threads();
        CompletableFuture<Subscription> own = new CompletableFuture<>();
        CountDownLatch closed = new CountDownLatch(1);
        own.complete(database.listen(text -> {
            own.join().close();
            closed.countDown();
        }));

        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        for (Thread thread : threadsSince(before)) {
            thread.join(30_000);
        }
        assertThat(threadsSince(before)).isEmpty();
    }

    @DatabaseTest
    void a_handler_of_notifications_may_use_the_database_while_it_closes(TestDatabase test) throws Exception {
        Database database = Database.open(test.url(), SCHEMA, STATEMENTS);
        test.open(SCHEMA, STATEMENTS);
        CountDownLatch handling = new CountDownLatch(1);
        Subscription subscription = database.listen(text -> {
            handling.countDown();
            while (CloseTest.isOpen(database)) {
                Thread.onSpinWait();
            }
            received.add("refused");
        });
        assertThat(subscription).isNotNull();
        assertThat(ConcurrencyTest.awaited(handling)).isTrue();

        assertTimeoutPreemptively(Duration.ofSeconds(30), database::close);

        assertThat(received).containsExactly("refused");
    }

    @DatabaseTest
    void a_notification_that_cannot_be_handled_is_not_the_last_one(TestDatabase test) throws Exception {
        Database database = test.open(SCHEMA, STATEMENTS);
        Consumer<String> failing = text -> {
            received.add(text);
            throw new IllegalStateException("thrown on purpose by whoever gets '" + text + "'");
        };
        try (Subscription subscription = database.listen(failing)) {
            assertThat(subscription).isNotNull();
            assertThat(next()).isEmpty();
            for (String text : List.of("first", "second")) {
                commit(database, text);
                // On the same connection: one that is opened again would tell an empty notification first.
                assertThat(next()).isEqualTo(test.backend() == Backend.SQLITE ? "" : text);
            }
        }
        assertThat(received).isEmpty();
    }

    @DatabaseTest
    void a_given_data_source_gets_its_connection_back_as_it_was(TestDatabase test) throws Exception {
        test.open(SCHEMA, STATEMENTS).write(t -> t.run(INSERT_PARENT, Parent.of("a")));
        HikariConfig config = DataSourceTest.config(test, 6);
        config.setAutoCommit(false);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            try (Database database = Database.open(pool, SCHEMA, STATEMENTS)) {
                int before = pool.getHikariPoolMXBean().getActiveConnections();
                Subscription subscription = database.listen(received::add);
                assertThat(next()).isEmpty();
                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(before + 1);
                commit(database, "text");
                assertThat(next()).isEqualTo(test.backend() == Backend.SQLITE ? "" : "text");

                assertTimeoutPreemptively(AT_ONCE, subscription::close);

                assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isEqualTo(before);
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            List<Connection> all = new ArrayList<>();
            try {
                for (int i = 0; i < 6; i++) {
                    Connection connection = pool.getConnection();
                    all.add(connection);
                    assertThat(connection.getAutoCommit()).isFalse();
                    try (Statement statement = connection.createStatement()) {
                        if (test.backend() == Backend.POSTGRES) {
                            assertThat(answers(statement, "SELECT * FROM pg_listening_channels()"))
                                    .isEmpty();
                        }
                        assertThat(statement.executeUpdate("UPDATE sample_parents SET code = 'b' WHERE code = 'a'"))
                                .isEqualTo(1);
                    }
                    connection.rollback();
                }
            } finally {
                for (Connection connection : all) {
                    connection.close();
                }
            }
        }
    }

    @Test
    void connections_that_hide_the_driver_are_told_nothing_and_keep_nothing() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.open(SCHEMA, STATEMENTS);
            CountDownLatch closed = new CountDownLatch(1);
            Set<Thread> before = threads();
            try (Database database =
                    Database.open(hiding(DataSourceTest.plain(test), before, closed), SCHEMA, STATEMENTS)) {
                Subscription subscription = database.listen(received::add);
                assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
                for (Thread thread : threadsSince(before)) {
                    thread.join(30_000);
                    assertThat(thread.isAlive()).isFalse();
                }
                subscription.close();
            }
            assertThat(received).isEmpty();
        }
    }

    @Test
    void a_server_that_takes_notifications_and_delivers_none_is_not_listened_to() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            assertNothingIsNotified(test, "RETURNS void LANGUAGE sql AS 'SELECT'");
        }
    }

    @Test
    void a_server_that_refuses_notifications_is_asked_once() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            assertNothingIsNotified(
                    test, "RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'not here' USING ERRCODE = '0A000'; END $$");
        }
    }

    private void assertNothingIsNotified(TestDatabase test, String notify) throws Exception {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            // One that is built in is called whatever is declared instead of it, so another one takes its name.
            statement.execute("ALTER FUNCTION pg_catalog.pg_notify(text, text) RENAME TO pg_notify_of_old");
            statement.execute("CREATE FUNCTION pg_catalog.pg_notify(text, text) " + notify);
        }
        Set<Thread> before = threads();
        Database database = test.open(SCHEMA, STATEMENTS);
        try (Subscription subscription = database.listen(received::add)) {
            for (Thread thread : threadsSince(before)) {
                thread.join(30_000);
                assertThat(thread.isAlive()).isFalse();
            }
            assertThat(subscription.deliversText()).isFalse();
        }
        assertThat(received).isEmpty();
        awaitNobodyListens(test);
    }

    @Test
    void of_a_database_in_memory_nothing_is_notified() {
        Set<Thread> before = threads();
        try (Database database = Database.open("sqlite::memory:", SCHEMA, STATEMENTS);
                Subscription subscription = database.listen(received::add)) {
            assertThat(subscription).isNotNull();
            database.<Boolean>write(t -> {
                ErrorKindsTest.sql(t, "CREATE TABLE t (n INTEGER) STRICT");
                return true;
            });
            assertThat(threadsSince(before)).as("threads that could listen").isEmpty();
        }
        assertThat(received).isEmpty();
    }

    @DatabaseTest
    void a_notification_that_is_too_long_is_an_error_on_postgresql_and_nothing_is_committed(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);

        assertThat(database.<Integer>write(t -> {
                    t.find(NOTIFY, "x".repeat(7_000));
                    return t.run(INSERT_PARENT, Parent.of("a"));
                }))
                .isEqualTo(1);
        if (test.backend() == Backend.POSTGRES) {
            assertThatThrownBy(() -> database.write(t -> {
                        t.run(INSERT_PARENT, Parent.of("lost"));
                        return t.find(NOTIFY, "x".repeat(8_000));
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.INVALID_VALUE))
                    .hasMessageContaining("database.notify");
        }
        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    private String next() throws InterruptedException {
        String text = received.poll(30, TimeUnit.SECONDS);
        assertThat(text).as("a notification in time").isNotNull();
        return String.valueOf(text);
    }

    /** Changes something, and says so where that has to be said. */
    private static void commit(Database database, String text) {
        database.write(t -> {
            t.find(NOTIFY, text);
            return t.run(INSERT_PARENT, Parent.of(text));
        });
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static List<Thread> threadsSince(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.getName().equals("cloacina-listener"))
                .toList();
    }

    /** The server takes a moment to notice that a connection was closed. */
    private static void awaitNobodyListens(TestDatabase test) throws SQLException {
        String listening = "SELECT count(*) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND query LIKE 'LISTEN %'";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!query(test, listening).equals(List.of("0"))) {
            assertThat(System.nanoTime()).as("still listening").isLessThan(deadline);
        }
    }

    private static List<String> query(TestDatabase test, String sql) throws SQLException {
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            return answers(statement, sql);
        }
    }

    private static List<String> answers(Statement statement, String sql) throws SQLException {
        List<String> answers = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
        }
        return answers;
    }

    /** Connections that cannot be unwrapped; counts down when a thread that is new closes one. */
    private static DataSource hiding(DataSource source, Set<Thread> before, CountDownLatch closed) {
        ClassLoader loader = ListenTest.class.getClassLoader();
        return new PGSimpleDataSource() {
            private static final long serialVersionUID = 1L;

            @Override
            public Connection getConnection() throws SQLException {
                Connection connection = source.getConnection();
                return (Connection) Proxy.newProxyInstance(
                        loader, new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                            if (method.getName().equals("isWrapperFor")) {
                                return false;
                            }
                            if (method.getName().equals("close") && !before.contains(Thread.currentThread())) {
                                closed.countDown();
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
            }
        };
    }
}
