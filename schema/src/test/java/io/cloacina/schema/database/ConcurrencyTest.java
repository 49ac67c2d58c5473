package io.cloacina.schema.database;

import static io.cloacina.schema.database.SampleSchema.ADD;
import static io.cloacina.schema.database.SampleSchema.COUNTER;
import static io.cloacina.schema.database.SampleSchema.INSERT_COUNTER;
import static io.cloacina.schema.database.SampleSchema.SCHEMA;
import static io.cloacina.schema.database.SampleSchema.STATEMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloacina.schema.database.SampleSchema.Counter;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
    private static final Statements OWN = new Statements("concurrency-test");

    private static final ChangeReturning<Counter, Long> ADD_RETURNING = OWN.updateReturning("add", u -> {
        var c = u.table(SampleSchema.Counters::new);
        u.increment(c.large, u.arg(Counter::large));
        u.where(c.id.eq(u.arg(Counter::id)));
        return row -> row.get(c.large);
    });

    /** For what blocks: the common pool may have a single thread. */
    static final Executor NEW_THREAD = task -> new Thread(task).start();

    private static final int THREADS = 8;
    private static final int TURNS = 25;

    @DatabaseTest
    void no_increment_of_many_threads_and_several_databases_is_lost(TestDatabase test) throws Exception {
        List<Database> databases = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            databases.add(test.open(SCHEMA, STATEMENTS, OWN));
        }
        databases.get(0).write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));

        List<Callable<Boolean>> work = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Database database = databases.get(thread % databases.size());
            work.add(() -> {
                for (int turn = 0; turn < TURNS; turn++) {
                    // Reads first: a deferred transaction of SQLite would fail here when another one wrote in between.
                    database.write(t -> {
                        t.find(COUNTER, 1);
                        return t.run(ADD, new Counter(1, 1, 1));
                    });
                    database.find(COUNTER, 1);
                }
                return true;
            });
        }
        together(work);

        assertThat(databases.get(2).find(COUNTER, 1)).contains(new Counter(1, THREADS * TURNS, (long) THREADS * TURNS));
    }

    @DatabaseTest
    void a_lock_that_another_one_holds_for_too_long_is_busy(TestDatabase test) {
        Database holder = test.open(SCHEMA, STATEMENTS);
        Database waiting = test.open(shortWait(test.backend()), SCHEMA, STATEMENTS);
        holder.write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));

        holder.write(held -> {
            held.run(ADD, new Counter(1, 1, 1));
            DatabaseException e = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                            DatabaseException.class, () -> waiting.write(t -> t.run(ADD, new Counter(1, 1, 1)))))
                    .join();
            assertThat(e.kind()).isEqualTo(ErrorKind.BUSY);
            assertThat(e.kind().isRetryable()).isTrue();
            assertThat(e).hasMessageContaining(waiting.toString());
            assertThat(waiting.find(COUNTER, 1)).as("reading goes on").contains(new Counter(1, 0, 0));
            return held;
        });

        waiting.write(t -> t.run(ADD, new Counter(1, 1, 1)));
        assertThat(waiting.find(COUNTER, 1)).contains(new Counter(1, 2, 2));
    }

    @DatabaseTest
    void a_change_that_returns_rows_keeps_no_lock(TestDatabase test) {
        Database database = test.open(SCHEMA, STATEMENTS, OWN);
        Database other = test.open(shortWait(test.backend()), SCHEMA, STATEMENTS, OWN);
        database.write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));

        assertThat(database.<Optional<Long>>write(t -> t.find(ADD_RETURNING, new Counter(1, 0, 1))))
                .contains(1L);
        assertThat(other.<List<Long>>write(t -> t.list(ADD_RETURNING, new Counter(1, 0, 1))))
                .containsExactly(2L);
        assertThat(database.<List<Long>>write(t -> t.list(ADD_RETURNING, new Counter(1, 0, 1))))
                .containsExactly(3L);
    }

    @Test
    void a_deadlock_of_postgresql_is_a_serialization_error_of_one_of_the_two() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?options=-c%20deadlock_timeout=50ms", SCHEMA, STATEMENTS);
            database.write(t -> t.batch(INSERT_COUNTER, List.of(new Counter(1, 0, 0), new Counter(2, 0, 0))));
            CyclicBarrier bothHoldOne = new CyclicBarrier(2);

            List<Optional<DatabaseException>> failures = together(List.of(
                    () -> failureOf(() -> crossing(database, 1, 2, bothHoldOne)),
                    () -> failureOf(() -> crossing(database, 2, 1, bothHoldOne))));

            assertThat(failures.stream().flatMap(Optional::stream))
                    .singleElement()
                    .satisfies(e -> {
                        assertThat(e.kind()).isEqualTo(ErrorKind.SERIALIZATION);
                        assertThat(e.kind().isRetryable()).isTrue();
                    });
        }
    }

    @Test
    void a_serialization_failure_of_postgresql_is_a_serialization_error() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database other = test.open(SCHEMA, STATEMENTS);
            Database database = test.open(SCHEMA, STATEMENTS);
            other.write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));

            assertThatThrownBy(() -> database.write(t -> {
                        ErrorKindsTest.sql(t, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
                        t.find(COUNTER, 1);
                        other.write(o -> o.run(ADD, new Counter(1, 1, 1)));
                        return t.run(ADD, new Counter(1, 1, 1));
                    }))
                    .satisfies(TransactionTest.is(ErrorKind.SERIALIZATION));

            assertThat(database.find(COUNTER, 1)).contains(new Counter(1, 1, 1));
        }
    }

    @Test
    void a_pool_whose_connections_are_all_in_use_is_busy() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            Database database = test.open("?pool_size=1&loginTimeout=1", SCHEMA, STATEMENTS);

            database.read(t -> {
                DatabaseException e = CompletableFuture.supplyAsync(
                                () -> catchThrowableOfType(DatabaseException.class, () -> database.find(COUNTER, 1)))
                        .join();
                assertThat(e.kind()).isEqualTo(ErrorKind.BUSY);
                assertThat(e).hasMessageContaining("raise pool_size");
                return "waited";
            });
            assertThat(database.find(COUNTER, 1)).isEmpty();
        }
    }

    @DatabaseTest
    void an_interrupted_thread_works_on_and_stays_interrupted(TestDatabase test) throws Exception {
        Database database = test.open(test.backend() == Backend.SQLITE ? "" : "?pool_size=1", SCHEMA, STATEMENTS);
        database.write(t -> t.run(INSERT_COUNTER, new Counter(1, 0, 0)));
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Boolean> holder = CompletableFuture.supplyAsync(
                () -> database.write(t -> {
                    held.countDown();
                    return awaited(release);
                }),
                NEW_THREAD);
        held.await();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                database.write(t -> t.run(ADD, new Counter(1, 1, 1)));
                interrupted.complete(Thread.interrupted());
            } catch (RuntimeException e) {
                interrupted.completeExceptionally(e);
            }
        });

        thread.start();
        thread.interrupt();
        release.countDown();

        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(holder.join()).isTrue();
        assertThat(database.find(COUNTER, 1)).contains(new Counter(1, 1, 1));
    }

    static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String shortWait(Backend backend) {
        return switch (backend) {
            case SQLITE -> "?busy_timeout=100";
            case POSTGRES -> "?options=-c%20lock_timeout=100ms";
        };
    }

    private static int crossing(Database database, int first, int second, CyclicBarrier bothHoldOne) {
        return database.write(t -> {
            t.run(ADD, new Counter(first, 1, 1));
            try {
                bothHoldOne.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException(e);
            }
            return t.run(ADD, new Counter(second, 1, 1));
        });
    }

    private static Optional<DatabaseException> failureOf(Callable<?> work) throws Exception {
        try {
            work.call();
            return Optional.empty();
        } catch (DatabaseException e) {
            return Optional.of(e);
        }
    }

    private static <T> List<T> together(List<Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(work)) {
                results.add(result.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
