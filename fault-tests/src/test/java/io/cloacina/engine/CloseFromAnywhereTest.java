package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;

/** An engine is closed from wherever, by several at once: it ends, and whoever closes never waits for itself. */
@Timeout(60)
class CloseFromAnywhereTest {
    private final AtomicReference<Engine> engine = new AtomicReference<>();
    private final CountDownLatch known = new CountDownLatch(1);

    private Engine started(EngineBuilder builder) {
        Engine started = builder.start();
        engine.set(started);
        known.countDown();
        return started;
    }

    private Engine known() {
        EngineParts.await(known);
        return Objects.requireNonNull(engine.get());
    }

    private static WorkflowDefinition one(TaskBody body) {
        return WorkflowDefinition.named("one").version("1").task("t", body).build();
    }

    private static void assertCompletedOnce(TestDatabase test, UUID id) {
        try (Engine next =
                Engine.builder(test.url()).workflow(one(context -> {})).client().start()) {
            assertThat(next.find(id)).get().extracting(Execution::status).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(next.tasks(id).get(0).attempt()).isEqualTo(1);
            assertThat(next.runners()).isEmpty();
        }
    }

    @DatabaseTest
    void a_callback_closes_while_others_close(TestDatabase test) {
        CountDownLatch told = new CountDownLatch(1);
        WorkflowDefinition workflow = WorkflowDefinition.named("one")
                .version("1")
                .task(
                        "t",
                        context -> {},
                        task -> task.onCompleted(done -> {
                            told.countDown();
                            EngineParts.until("others close", () -> isClosing(known()));
                            known().close();
                        }))
                .build();
        Engine closed = started(Engine.builder(test.url()).workflow(workflow));
        UUID id = closed.submit("one", Map.of());
        EngineParts.await(told);
        closed.close();
        assertCompletedOnce(test, id);
    }

    @DatabaseTest
    void several_threads_and_a_listener_close_at_once_and_each_returns_when_it_is_closed(TestDatabase test) {
        CountDownLatch together = new CountDownLatch(9);
        Engine closed =
                started(Engine.builder(test.url()).workflow(one(context -> {})).listener(event -> {
                    if (event instanceof EngineEvent.ExecutionEnded) {
                        together.countDown();
                        EngineParts.await(together);
                        known().close();
                    }
                }));
        UUID id = closed.submit("one", Map.of());
        List<CompletableFuture<Boolean>> closing = IntStream.range(0, 8)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> {
                            together.countDown();
                            EngineParts.await(together);
                            closed.close();
                            // The database is closed by then: nothing of it is left.
                            assertThatThrownBy(() -> closed.find(id)).hasMessageContaining("closed");
                            return true;
                        },
                        work -> new Thread(work).start()))
                .toList();
        assertThat(closing).allMatch(CompletableFuture::join);
        assertCompletedOnce(test, id);
    }

    @DatabaseTest
    void a_body_closes_its_own_engine_and_is_recorded(TestDatabase test) {
        Engine closed = started(Engine.builder(test.url())
                .workflow(one(context -> {
                    known().close();
                    assertThat(isClosing(known())).isTrue();
                    context.put("closed", true);
                }))
                .grace(EngineParts.LONG));
        UUID id = closed.submit("one", Map.of());
        EngineParts.until("it is closed", () -> isClosing(closed));
        closed.close();
        assertCompletedOnce(test, id);
    }

    @DatabaseTest
    void a_transactional_body_closes_its_own_engine_and_is_recorded(TestDatabase test) {
        WorkflowDefinition workflow = WorkflowDefinition.named("one")
                .version("1")
                .task("t", context -> known().close(), task -> task.transactional())
                .build();
        Engine closed = started(Engine.builder(test.url()).workflow(workflow).grace(EngineParts.LONG));
        UUID id = closed.submit("one", Map.of());
        EngineParts.until("it is closed", () -> isClosing(closed));
        closed.close();
        assertCompletedOnce(test, id);
    }

    @DatabaseTest
    void a_body_that_waits_for_another_thread_to_close_is_interrupted(TestDatabase test) {
        Engine closed = started(Engine.builder(test.url())
                .workflow(one(context -> {
                    Thread other = new Thread(() -> known().close());
                    other.start();
                    other.join();
                }))
                .grace(Duration.ofMillis(50)));
        UUID id = closed.submit("one", Map.of());
        EngineParts.until("it is closed", () -> isClosing(closed));
        closed.close();
        try (Engine next =
                Engine.builder(test.url()).workflow(one(context -> {})).start()) {
            assertThat(next.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(next.tasks(id).get(0).attempt()).isEqualTo(2);
        }
    }

    @DatabaseTest
    void who_is_interrupted_closes_as_anybody_and_stays_interrupted(TestDatabase test) throws Exception {
        AtomicInteger bodies = new AtomicInteger();
        CountDownLatch inside = new CountDownLatch(8);
        CountDownLatch let = new CountDownLatch(1);
        WorkflowDefinition workflow = WorkflowDefinition.named("one")
                .version("1")
                .task(
                        "t",
                        context -> {
                            bodies.incrementAndGet();
                            inside.countDown();
                            let.await();
                        },
                        task -> task.retry(RetryPolicy.NONE))
                .build();
        Engine closed = Engine.builder(test.url())
                .workflow(workflow)
                .slots(8)
                .grace(EngineParts.LONG)
                .start();
        closed.submitAll(Collections.nCopies(8, Submission.of("one")));
        EngineParts.await(inside);
        CompletableFuture<Boolean> kept = new CompletableFuture<>();
        Thread closing = new Thread(() -> {
            Thread.currentThread().interrupt();
            closed.close();
            kept.complete(Thread.interrupted());
        });
        closing.start();
        EngineParts.until("it is closed", () -> isClosing(closed));
        closing.interrupt();
        let.countDown();
        assertThat(kept.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(bodies).hasValue(8);
        assertThat(EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE status = 'Completed'"))
                .isEqualTo(8);
    }

    @DatabaseTest
    void a_body_and_a_listener_close_an_engine_that_is_turned_by_hand(TestDatabase test) {
        AtomicReference<ManualEngine> manual = new AtomicReference<>();
        WorkflowDefinition workflow =
                one(context -> Objects.requireNonNull(manual.get()).close());
        manual.set(Engine.builder(test.url()).workflow(workflow).buildManual().start());
        Objects.requireNonNull(manual.get()).engine().submit("one", Map.of());
        try {
            Objects.requireNonNull(manual.get()).tick();
        } catch (RuntimeException e) { // it may be closed before all is done
            assertThat(e).hasMessageContaining("closed");
        }
        Objects.requireNonNull(manual.get()).close();
        assertThatThrownBy(() -> Objects.requireNonNull(manual.get()).engine().submit("one", Map.of()))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("ENGINE_CLOSED"));

        manual.set(Engine.builder(test.url())
                .workflow(workflow)
                .listener(event -> Objects.requireNonNull(manual.get()).close())
                .buildManual()
                .start());
        Objects.requireNonNull(manual.get()).engine().submit("one", Map.of());
        Objects.requireNonNull(manual.get()).close();
        assertThatThrownBy(() -> Objects.requireNonNull(manual.get()).engine().submit("one", Map.of()))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("ENGINE_CLOSED"));
    }

    static boolean isClosing(Engine engine) {
        try {
            engine.submitAll(List.of(Submission.of("no such workflow")));
            return false;
        } catch (CloacinaException e) {
            return e.code().equals("ENGINE_CLOSED");
        }
    }
}
