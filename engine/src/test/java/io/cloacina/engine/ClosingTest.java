package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

/** What closing an engine does to what runs, to what waits, and to those who go on asking. */
@Timeout(60)
class ClosingTest {
    private static final Duration SHORT = Duration.ofSeconds(5);

    private static WorkflowDefinition one(TaskBody body) {
        return WorkflowDefinition.named("one").version("1").task("t", body).build();
    }

    private static Thread closing(Engine engine) {
        Thread closing = new Thread(engine::close, "closing");
        closing.start();
        return closing;
    }

    @DatabaseTest
    void running_tasks_end_within_the_grace(TestDatabase test) throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        UUID id;
        try (Engine engine = Engine.builder(test.url())
                .workflow(one(context -> {
                    inside.countDown();
                    EngineParts.await(let);
                    context.put("x", 1);
                }))
                .grace(EngineParts.LONG)
                .start()) {
            id = engine.submit("one", Map.of());
            EngineParts.await(inside);
            Thread closing = closing(engine);
            EngineParts.until("closing began", () -> isRefused(engine));
            let.countDown();
            closing.join();
        }
        try (Engine engine =
                Engine.builder(test.url()).workflow(one(context -> {})).start()) {
            Execution found = engine.find(id).orElseThrow();
            assertThat(found.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("x", Integer.class)).isEqualTo(1);
            assertThat(engine.tasks(id).get(0).attempt()).isEqualTo(1);
        }
    }

    @DatabaseTest
    void what_does_not_end_is_released_and_another_engine_takes_it_at_once(TestDatabase test) {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        Engine first = Engine.builder(test.url())
                .workflow(one(context -> {
                    inside.countDown();
                    never.await();
                }))
                .slots(2)
                .grace(Duration.ZERO)
                .start();
        List<UUID> ids = List.of(first.submit("one", Map.of()), first.submit("one", Map.of()));
        EngineParts.await(inside);
        try (Engine second = Engine.builder(test.url())
                .workflow(one(context -> {}))
                .pollInterval(Duration.ofHours(1))
                .start()) {
            first.close();

            for (UUID id : ids) {
                assertThat(second.await(id, SHORT)).isPresent();
                assertThat(second.tasks(id).get(0).attempt()).isEqualTo(2);
            }
        }
    }

    @DatabaseTest
    void a_body_that_ignores_interrupts_is_given_back_under_it_and_cannot_record_anything(TestDatabase test)
            throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        UUID id;
        Engine first = Engine.builder(test.url())
                .workflow(one(context -> {
                    inside.countDown();
                    ignoringInterrupts(let);
                    context.put("by", "the first");
                    ended.countDown();
                }))
                .grace(Duration.ZERO)
                .start();
        try (first) {
            id = first.submit("one", Map.of());
            EngineParts.await(inside);
        }
        try (Engine second = Engine.builder(test.url())
                .workflow(one(context -> context.put("by", "the second")))
                .start()) {
            assertThat(second.await(id, SHORT)).isPresent();
            let.countDown();
            EngineParts.await(ended);
            assertThat(second.context(id).get("by", String.class)).isEqualTo("the second");
            assertThat(second.tasks(id).get(0).attempt()).isEqualTo(2);
        }
    }

    @DatabaseTest
    void a_database_of_the_application_is_not_closed_under_its_engines(TestDatabase test) {
        Database database = Database.open(test.url());
        Engine engine = Engine.builder(database).workflow(one(context -> {})).start();
        Engine client = Engine.builder(database).client().start();

        for (Runnable close : List.<Runnable>of(database::close, () -> database.closeWithin(Duration.ofSeconds(1)))) {
            assertThatThrownBy(close::run)
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.STATEMENT))
                    .hasMessageContaining("cannot be closed while these use it: an engine that runs tasks, an engine of"
                            + " a client; close them first");
        }
        UUID id = client.submit("one", Map.of());
        assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

        client.close();
        engine.stop();
        engine.start();
        assertThatThrownBy(database::close).hasMessageNotContaining("client");
        engine.close();
        database.close();
        assertThatThrownBy(() -> Engine.builder(database).start())
                .isInstanceOfSatisfying(
                        DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CLOSED));
    }

    @DatabaseTest
    void closing_ends_although_others_submit_without_a_pause(TestDatabase test) throws Exception {
        Engine engine = Engine.builder(test.url()).workflow(one(context -> {})).start();
        ExecutorService producers = Executors.newFixedThreadPool(8);
        CountDownLatch busy = new CountDownLatch(50);
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            producers.execute(() -> {
                while (true) {
                    try {
                        engine.submit("one", Map.of());
                        busy.countDown();
                    } catch (CloacinaException e) {
                        assertThat(e.code()).isEqualTo("ENGINE_CLOSED");
                        refused.incrementAndGet();
                        return;
                    }
                }
            });
        }
        EngineParts.await(busy);
        engine.close();
        producers.shutdown();
        EngineParts.until("all are refused", () -> refused.get() == 8);
    }

    @DatabaseTest
    void who_waits_for_an_execution_is_told_that_the_engine_was_closed(TestDatabase test) {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Engine engine = Engine.builder(test.url())
                .workflow(one(context -> {
                    inside.countDown();
                    never.await();
                }))
                .grace(Duration.ZERO)
                .start();
        UUID id = engine.submit("one", Map.of());
        EngineParts.await(inside);
        Thread closing = closing(engine);
        assertThatThrownBy(() -> engine.await(id))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("ENGINE_CLOSED"));
        EngineParts.until("it is closed", () -> !closing.isAlive());
        assertThatThrownBy(() -> engine.await(id))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("ENGINE_CLOSED"));
    }

    @DatabaseTest
    void a_listener_may_close_the_engine(TestDatabase test) {
        CountDownLatch closed = new CountDownLatch(1);
        Engine[] engine = new Engine[1];
        CountDownLatch started = new CountDownLatch(1);
        engine[0] = Engine.builder(test.url())
                .workflow(one(context -> {}))
                .listener(event -> {
                    if (event instanceof EngineEvent.ExecutionEnded) {
                        EngineParts.await(started);
                        engine[0].close();
                        closed.countDown();
                    }
                })
                .start();
        started.countDown();
        engine[0].submit("one", Map.of());
        EngineParts.await(closed);
    }

    @DatabaseTest
    void nothing_of_a_closed_engine_is_left(TestDatabase test) {
        for (int i = 0; i < 3; i++) {
            try (Engine engine =
                    Engine.builder(test.url()).workflow(one(context -> {})).start()) {
                for (int j = 0; j < 20; j++) {
                    engine.submit("one", Map.of());
                }
            }
            assertThat(EngineParts.count(test, "SELECT count(*) FROM runners")).isZero();
            assertThat(EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE status = 'Running'"))
                    .isZero();
        }
    }

    private static boolean isRefused(Engine engine) {
        try {
            engine.submit("one", Map.of());
            return false;
        } catch (CloacinaException e) {
            return e.code().equals("ENGINE_CLOSED");
        }
    }

    private static void ignoringInterrupts(CountDownLatch latch) {
        while (true) {
            try {
                latch.await();
                return;
            } catch (InterruptedException e) {
                // It is what a body should not do.
            }
        }
    }
}
