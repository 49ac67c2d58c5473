package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Bodies run in threads of the application, if it says so. */
class ThreadsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Set<String> threads = Collections.synchronizedSet(new TreeSet<>());

    private WorkflowDefinition both() {
        return WorkflowDefinition.named("both")
                .task("usual", this::note)
                .task("transactional", this::note, task -> task.after("usual").transactional())
                .build();
    }

    private void note(TaskContext context) {
        String name = Thread.currentThread().getName();
        threads.add(name.replaceAll("[0-9]+", "N"));
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static List<UUID> submit(Engine engine, int number) {
        return engine.submitAll(
                Stream.generate(() -> Submission.of("both")).limit(number).toList());
    }

    private static void assertAllComplete(Engine engine, List<UUID> ids) {
        for (UUID id : ids) {
            assertThat(engine.await(id, LONG)).as("execution %s", id).isPresent();
            assertThat(engine, id).isCompleted();
        }
    }

    @DatabaseTest
    void an_executor_of_the_application_runs_all_bodies_and_is_not_shut_down(TestDatabase database) {
        ExecutorService own = Executors.newFixedThreadPool(2, named("mine-"));
        try {
            try (Engine engine = Engine.builder(database.url())
                    .workflow(both())
                    .executor(own)
                    .start()) {
                assertAllComplete(engine, submit(engine, 20));
                engine.stop();
                engine.start();
                assertAllComplete(engine, submit(engine, 1));
            }
            assertThat(threads).containsExactly("mine-N");
            assertThat(own.isShutdown()).isFalse();
        } finally {
            own.shutdownNow();
        }
    }

    @DatabaseTest
    void a_thread_factory_of_the_application_makes_the_threads_of_all_bodies(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url())
                .workflow(both())
                .threads(named("made-"))
                .start()) {
            assertAllComplete(engine, submit(engine, 10));
        }
        assertThat(threads).containsExactly("made-N");
    }

    @DatabaseTest
    void what_an_executor_refuses_runs_later_and_has_not_failed(TestDatabase database) {
        AtomicInteger refused = new AtomicInteger();
        ExecutorService own = Executors.newFixedThreadPool(4);
        Executor moody = body -> {
            if (refused.incrementAndGet() <= 30) {
                throw new RejectedExecutionException("not now");
            }
            own.execute(body);
        };
        try (Engine engine = Engine.builder(database.url())
                .workflow(both())
                .slots(8)
                .executor(moody)
                .start()) {
            assertAllComplete(engine, submit(engine, 20));
        } finally {
            own.shutdownNow();
        }
        assertThat(refused).hasValueGreaterThanOrEqualTo(70);
    }

    @DatabaseTest
    void a_pool_that_is_too_small_for_the_slots_loses_nothing(TestDatabase database) {
        ThreadPoolExecutor small =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new SynchronousQueue<>(), named("small-"));
        try (Engine engine = Engine.builder(database.url())
                .workflow(both())
                .slots(8)
                .executor(small)
                .start()) {
            assertAllComplete(engine, submit(engine, 3));
        } finally {
            small.shutdownNow();
        }
    }

    @DatabaseTest
    void a_thread_that_hands_a_body_over_never_runs_it(TestDatabase database) {
        ThreadPoolExecutor callerRuns = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named("pool-"),
                new ThreadPoolExecutor.CallerRunsPolicy());
        try (Engine engine = Engine.builder(database.url())
                .workflow(both())
                .slots(4)
                .executor(callerRuns)
                .start()) {
            assertAllComplete(engine, submit(engine, 3));
        } finally {
            callerRuns.shutdownNow();
        }
        assertThat(threads).containsExactly("pool-N");
    }

    @DatabaseTest
    void what_waits_in_an_executor_when_an_engine_closes_runs_elsewhere(TestDatabase database) throws Exception {
        CountDownLatch isHeld = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        ThreadPoolExecutor single =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("single-"));
        single.execute(() -> {
            isHeld.countDown();
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(isHeld.await(30, TimeUnit.SECONDS)).isTrue();
        List<UUID> ids;
        try (Engine engine = Engine.builder(database.url())
                .workflow(both())
                .grace(Duration.ZERO)
                .executor(single)
                .start()) {
            ids = submit(engine, 5);
        }
        threads.clear();
        try (Engine other = Engine.builder(database.url())
                .workflow(both())
                .threads(named("other-"))
                .start()) {
            assertAllComplete(other, ids);
        }
        held.countDown();
        single.shutdown();
        assertThat(single.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(threads).as("what was given back does not run any more").containsExactly("other-N");
    }

    @DatabaseTest
    void a_factory_that_makes_no_thread_refuses(TestDatabase database) {
        AtomicInteger asked = new AtomicInteger();
        ThreadFactory made = named("late-");
        try (Engine engine = Engine.builder(database.url())
                .workflow(both())
                .threads(work -> asked.incrementAndGet() < 4 ? null : made.newThread(work))
                .start()) {
            assertAllComplete(engine, submit(engine, 4));
        }
        assertThat(threads).containsExactly("late-N");
    }

    @Test
    void an_executor_and_a_factory_are_not_given_both() {
        EngineBuilder builder =
                Engine.builder("sqlite::memory:").executor(Runnable::run).threads(named("x"));

        assertThatThrownBy(builder::build)
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_SETTING"));
    }

    @DatabaseTest
    void a_thread_of_the_application_is_given_back_as_it_was(TestDatabase database) throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor(named("kept-"));
        ClassLoader loader = new ClassLoader(null) {};
        own.submit(() -> Thread.currentThread().setContextClassLoader(loader)).get();
        try (Engine engine =
                Engine.builder(database.url()).workflow(both()).executor(own).start()) {
            assertAllComplete(engine, List.of(engine.submit("both", Map.of())));
        }
        assertThat(own.submit(() -> Thread.currentThread().getContextClassLoader())
                        .get())
                .isSameAs(loader);
        own.shutdownNow();
    }
}
