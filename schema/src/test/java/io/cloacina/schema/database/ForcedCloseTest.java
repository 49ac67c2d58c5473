package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.COUNT_PARENTS;
import static io.cloacina.schema.database.SampleSchema.INSERT_PARENT;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.schema.database.SampleSchema.Parent;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.StallingProxy;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions that do not end by themselves lose their connection, and with it all that they did. */
@Timeout(60)
class ForcedCloseTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    /** A transaction that has written something and goes on when it is let. */
    private static final class Hanging {
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private final AtomicReference<WriteTransaction> transaction = new AtomicReference<>();
        private final CompletableFuture<Integer> result;

        Hanging(Database database) throws InterruptedException {
            result = CompletableFuture.supplyAsync(
                    () -> database.write(t -> {
                        int rows = t.run(INSERT_PARENT, Parent.of("hanging"));
                        transaction.set(t);
                        inside.countDown();
                        ConcurrencyTest.awaited(goOn);
                        return rows + t.run(INSERT_PARENT, Parent.of("more"));
                    }),
                    ConcurrencyTest.NEW_THREAD);
            inside.await();
        }

        void end() {
            goOn.countDown();
            assertThatThrownBy(result::get).cause().isInstanceOf(DatabaseException.class);
        }
    }

    @DatabaseTest
    void closing_within_a_time_closes_the_connection_beneath_what_does_not_end(TestDatabase test) throws Exception {
        test.open(SCHEMA, STATEMENTS);
        Database database = Database.open(test.url(), SCHEMA, STATEMENTS);
        Hanging hanging = new Hanging(database);

        database.closeWithin(SHORT);

        // What it held is free.
        test.open(SCHEMA, STATEMENTS).write(t -> t.run(INSERT_PARENT, Parent.of("other")));
        hanging.end();
        assertThat(test.open(SCHEMA, STATEMENTS).list(COUNT_PARENTS))
                .as("nothing of it stays")
                .containsExactly(1L);
    }

    @DatabaseTest
    void closing_within_a_time_waits_for_what_ends_in_it(TestDatabase test) throws Exception {
        test.open(SCHEMA, STATEMENTS);
        Database database = Database.open(test.url(), SCHEMA, STATEMENTS);
        Hanging hanging = new Hanging(database);
        CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(
                () -> database.closeWithin(Duration.ofSeconds(Long.MAX_VALUE)), ConcurrencyTest.NEW_THREAD);
        while (CloseTest.isOpen(database)) {
            Thread.onSpinWait();
        }
        hanging.goOn.countDown();

        assertThat(closed.get(30, TimeUnit.SECONDS)).isTrue();
        // The database knows of its end a moment before the thread that wrote.
        assertThat(hanging.result.get(30, TimeUnit.SECONDS)).isEqualTo(2);
        assertThat(test.open(SCHEMA, STATEMENTS).list(COUNT_PARENTS)).containsExactly(2L);
    }

    @DatabaseTest
    void a_transaction_that_is_cut_off_leaves_its_place_to_others(TestDatabase test) throws Exception {
        test.open(SCHEMA, STATEMENTS);
        String one = test.backend() == Backend.SQLITE ? "" : "?pool_size=1";
        try (Database database = Database.open(test.url() + one, SCHEMA, STATEMENTS)) {
            Hanging hanging = new Hanging(database);
            CompletableFuture<Integer> next = CompletableFuture.supplyAsync(
                    () -> database.write(t -> t.run(INSERT_PARENT, Parent.of("next"))), ConcurrencyTest.NEW_THREAD);

            database.cutOff(Objects.requireNonNull(hanging.transaction.get()));
            if (test.backend() == Backend.POSTGRES) {
                hanging.end(); // the pool has its connection again when it is given back
            }

            assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            hanging.goOn.countDown();
            assertThatThrownBy(hanging.result::get).cause().isInstanceOf(DatabaseException.class);
            for (int i = 0; i < 5; i++) {
                String code = "after " + i;
                database.write(t -> t.run(INSERT_PARENT, Parent.of(code)));
            }
            assertThat(database.list(COUNT_PARENTS)).containsExactly(6L);
        }
    }

    @DatabaseTest
    void a_transaction_that_has_ended_is_not_cut_off_nor_is_the_next_one(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS);
        AtomicReference<WriteTransaction> ended = new AtomicReference<>();
        database.write(t -> {
            ended.set(t);
            return t.run(INSERT_PARENT, Parent.of("a"));
        });

        database.cutOff(Objects.requireNonNull(ended.get()));
        database.write(t -> {
            database.cutOff(Objects.requireNonNull(ended.get()));
            return t.run(INSERT_PARENT, Parent.of("b"));
        });

        assertThat(database.list(COUNT_PARENTS)).containsExactly(2L);
    }

    @Test
    void closing_within_a_time_ends_while_the_server_answers_nothing() throws IOException, InterruptedException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.open(SCHEMA, STATEMENTS);
            try (StallingProxy proxy = StallingProxy.before(test)) {
                Database database = Database.open(proxy.url(), SCHEMA, STATEMENTS);
                database.listen(text -> {});
                database.list(COUNT_PARENTS);
                proxy.stall();
                CompletableFuture<?> reading =
                        CompletableFuture.supplyAsync(() -> database.list(COUNT_PARENTS), ConcurrencyTest.NEW_THREAD);
                CompletableFuture<?> writing = CompletableFuture.supplyAsync(
                        () -> database.write(t -> t.run(INSERT_PARENT, Parent.of("a"))), ConcurrencyTest.NEW_THREAD);

                database.closeWithin(SHORT);

                assertThatThrownBy(reading::get).cause().isInstanceOf(DatabaseException.class);
                assertThatThrownBy(writing::get).cause().isInstanceOf(DatabaseException.class);
            }
        }
    }

    @Test
    void closing_within_a_time_ends_while_another_process_keeps_the_file_locked() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            test.open(SCHEMA, STATEMENTS);
            Database database = Database.open(test.url() + "?busy_timeout=3000", SCHEMA, STATEMENTS);
            try (Connection other = test.jdbc();
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                CompletableFuture<?> writing = CompletableFuture.supplyAsync(
                        () -> database.write(t -> t.run(INSERT_PARENT, Parent.of("a"))), ConcurrencyTest.NEW_THREAD);

                database.closeWithin(SHORT);

                assertThatThrownBy(writing::get).cause().isInstanceOf(DatabaseException.class);
                statement.execute("COMMIT");
            }
            assertThat(test.open(SCHEMA, STATEMENTS).list(COUNT_PARENTS)).containsExactly(0L);
        }
    }

    @DatabaseTest
    void who_is_interrupted_can_do_everything_and_stays_interrupted(TestDatabase test) throws Exception {
        test.open(SCHEMA, STATEMENTS);
        CompletableFuture<Boolean> kept = CompletableFuture.supplyAsync(
                () -> {
                    Thread.currentThread().interrupt();
                    Database database = Database.open(test.url(), SCHEMA, STATEMENTS);
                    Subscription subscription = database.listen(text -> {});
                    database.write(t -> t.run(INSERT_PARENT, Parent.of("a")));
                    assertThat(database.list(COUNT_PARENTS)).containsExactly(1L);
                    List<Long> read = database.read(t -> t.list(COUNT_PARENTS));
                    assertThat(read).containsExactly(1L);
                    subscription.close();
                    database.listen(text -> {});
                    database.close();
                    Database again = Database.open(test.url(), SCHEMA, STATEMENTS);
                    assertThat(again.closeWithin(Duration.ofSeconds(30))).isTrue();
                    return Thread.interrupted();
                },
                ConcurrencyTest.NEW_THREAD);

        assertThat(kept.get(30, TimeUnit.SECONDS)).isTrue();
    }
}
