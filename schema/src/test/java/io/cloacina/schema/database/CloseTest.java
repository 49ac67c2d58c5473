package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CloseTest {
    private static final String OURS = "close_test";

    @DatabaseTest
    void closing_leaves_no_connection_no_thread_and_no_file_beside_the_database(TestDatabase test) throws Exception {
        test.open(SCHEMA, STATEMENTS).close();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Database database = Database.open(named(test), SCHEMA, STATEMENTS);
        use(database);
        assertThat(backends(test, true)).isTrue();

        database.close();

        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            // The driver of PostgreSQL has threads for the whole JVM, which end by themselves.
            if (!before.contains(thread) && !thread.getName().startsWith("PostgreSQL-JDBC-")) {
                thread.join(30_000);
                assertThat(thread.isAlive()).as(thread.toString()).isFalse();
            }
        }
        assertThat(backends(test, false)).isFalse();
        if (test.backend() == Backend.SQLITE) {
            Path file = Path.of(test.url().substring("sqlite:".length()));
            try (Stream<Path> files = Files.list(file.resolveSibling(""))) {
                assertThat(files).containsExactly(file);
            }
            Files.delete(file);
        }
    }

    @DatabaseTest
    void a_statement_that_cannot_be_composed_leaves_nothing_open(TestDatabase test) throws Exception {
        Statements statements = new Statements("close-test");
        statements.<Parent>insert("incomplete", i -> i.into(SampleSchema.Parents::new));

        assertThatThrownBy(() -> Database.open(named(test), SCHEMA, statements))
                .hasMessageContaining("close-test.incomplete");

        assertThat(backends(test, false)).isFalse();
    }

    @DatabaseTest
    void closing_again_does_nothing_and_use_afterwards_is_an_error(TestDatabase test) {
        Database database = Database.open(test.url(), SCHEMA, STATEMENTS);
        database.close();
        database.close();

        assertThatThrownBy(() -> database.list(COUNT_PARENTS))
                .satisfies(TransactionTest.is(ErrorKind.CLOSED))
                .hasMessageContaining(database.toString());
        assertThatThrownBy(() -> database.read(t -> "never")).satisfies(TransactionTest.is(ErrorKind.CLOSED));
        assertThatThrownBy(() -> database.write(t -> "never")).satisfies(TransactionTest.is(ErrorKind.CLOSED));
        assertThatThrownBy(() -> database.alter(t -> "never")).satisfies(TransactionTest.is(ErrorKind.CLOSED));
    }

    @DatabaseTest
    void closing_waits_for_a_transaction_under_way_and_lets_no_other_begin(TestDatabase test) throws Exception {
        Database database = test.open(SCHEMA, STATEMENTS);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean committed = new AtomicBoolean();
        CompletableFuture<Boolean> writer = CompletableFuture.supplyAsync(
                () -> {
                    database.write(t -> {
                        inside.countDown();
                        ConcurrencyTest.awaited(goOn);
                        return t.run(INSERT_PARENT, Parent.of("a"));
                    });
                    committed.set(true);
                    return true;
                },
                ConcurrencyTest.NEW_THREAD);
        inside.await();
        CompletableFuture<Boolean> committedWhenClosed = CompletableFuture.supplyAsync(
                () -> {
                    database.close();
                    return true;
                },
                ConcurrencyTest.NEW_THREAD);

        while (isOpen(database)) {
            Thread.onSpinWait();
        }
        assertThat(committedWhenClosed).isNotDone();
        assertThat(committed).isFalse();
        goOn.countDown();

        assertThat(writer.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(committedWhenClosed.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(test.open(SCHEMA, STATEMENTS).list(COUNT_PARENTS)).containsExactly(1L);
    }

    @DatabaseTest
    void closing_inside_a_transaction_is_refused_instead_of_waiting_for_ever(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);

        database.write(t -> {
            assertThatThrownBy(database::close).satisfies(TransactionTest.is(ErrorKind.STATEMENT));
            return t.run(INSERT_PARENT, Parent.of("a"));
        });

        assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
    }

    @Test
    void a_database_in_memory_is_gone_when_closed() {
        try (Database database = Database.open("sqlite::memory:")) {
            database.<Boolean>write(t -> {
                ErrorKindsTest.sql(t, "CREATE TABLE t (n INTEGER) STRICT");
                return true;
            });
            assertThat(CompletableFuture.supplyAsync(
                                    () -> database.<String>read(t -> OpeningTest.answer(t, "SELECT count(*) FROM t")))
                            .join())
                    .as("all threads see the same one")
                    .isEqualTo("0");
        }
        try (Database database = Database.open("sqlite::memory:")) {
            assertThatThrownBy(() -> database.read(t -> OpeningTest.answer(t, "SELECT count(*) FROM t")))
                    .satisfies(TransactionTest.is(ErrorKind.STATEMENT));
        }
    }

    static boolean isOpen(Database database) {
        try {
            // Refused as soon as the closing has begun; on SQLite a read does not wait for the writer.
            database.list(COUNT_PARENTS);
            return true;
        } catch (DatabaseException e) {
            assertThat(e.kind()).isEqualTo(ErrorKind.CLOSED);
            return false;
        }
    }

    private static void use(Database database) {
        List<CompletableFuture<?>> work = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String code = "c" + i;
            // Threads that end: those of the common pool outlive the test, which looks for threads left behind.
            work.add(CompletableFuture.runAsync(
                    () -> {
                        database.write(t -> t.run(INSERT_PARENT, Parent.of(code)));
                        database.read(t -> t.list(COUNT_PARENTS));
                        database.list(COUNT_PARENTS);
                    },
                    ConcurrencyTest.NEW_THREAD));
        }
        work.forEach(CompletableFuture::join);
    }

    private static String named(TestDatabase test) {
        return test.backend() == Backend.SQLITE ? test.url() : test.url() + "?ApplicationName=" + OURS;
    }

    /** Whether the server has sessions of the database under test; it takes a moment to notice that they were closed. */
    private static boolean backends(TestDatabase test, boolean expected) throws SQLException {
        if (test.backend() == Backend.SQLITE) {
            return expected;
        }
        try (Connection connection = test.jdbc();
                Statement statement = connection.createStatement()) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (true) {
                try (ResultSet count = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND application_name = '" + OURS + "'")) {
                    count.next();
                    boolean found = count.getInt(1) > 0;
                    if (found == expected || System.nanoTime() - deadline > 0) {
                        return found;
                    }
                }
            }
        }
    }
}
