package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;

/** Whoever the engine waits for does not wait for the engine. */
@Timeout(60)
class AwaitInsideTest {
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

    private static WorkflowDefinition workflow(String name, TaskBody body) {
        return WorkflowDefinition.named(name).version("1").task("t", body).build();
    }

    /** The code of what it is refused with. */
    private static String refusal(Runnable waiting) {
        try {
            waiting.run();
            return "none";
        } catch (CloacinaException e) {
            return e.code();
        }
    }

    @DatabaseTest
    void a_body_that_awaits_is_told_to_use_a_child_before_all_slots_wait(TestDatabase test) {
        WorkflowDefinition parent = workflow("parent", context -> known().await(known().submit("part", Map.of())));
        try (Engine running = started(Engine.builder(test.url())
                .workflow(parent)
                .workflow(workflow("part", context -> {}))
                .slots(2))) {
            List<UUID> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(running.submit("parent", Map.of()));
            }
            for (UUID each : all) {
                assertThat(running.await(each).status()).isEqualTo(ExecutionStatus.FAILED);
                assertThat(running.tasks(each).get(0).error()).contains("child(");
            }
            // What the bodies submitted is not lost.
            for (Execution part : running.list(ExecutionQuery.all().workflow("part"))) {
                assertThat(running.await(part.id()).status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @DatabaseTest
    void a_body_may_look_but_not_wait_whatever_the_time(TestDatabase test) {
        TaskBody body = context -> {
            UUID own = context.executionId();
            context.put("look", known().await(own, Duration.ZERO).isPresent());
            context.put("wait", refusal(() -> known().await(own, Duration.ofMillis(1))));
            context.put("forever", refusal(() -> known().await(own)));
            context.put("unknown", refusal(() -> known().await(UUID.randomUUID())));
        };
        WorkflowDefinition transactional = WorkflowDefinition.named("transactional")
                .version("1")
                .task(
                        "t",
                        context -> context.put("wait", refusal(() -> known().await(context.executionId()))),
                        task -> task.transactional())
                .build();
        try (Engine running = started(
                Engine.builder(test.url()).workflow(workflow("one", body)).workflow(transactional))) {
            UUID id = running.submit("one", Map.of());
            assertThat(running.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(running.context(id).get("look", Boolean.class)).isFalse();
            for (String each : List.of("wait", "forever", "unknown")) {
                assertThat(running.context(id).get(each, String.class)).isEqualTo("AWAIT_IN_BODY");
            }
            UUID other = running.submit("transactional", Map.of());
            assertThat(running.await(other).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(running.context(other).get("wait", String.class)).isEqualTo("AWAIT_IN_BODY");
        }
    }

    @DatabaseTest
    void a_callback_and_a_listener_that_await_are_refused_and_the_next_are_told(TestDatabase test) throws Exception {
        CompletableFuture<String> inCallback = new CompletableFuture<>();
        CompletableFuture<String> inListener = new CompletableFuture<>();
        WorkflowDefinition called = WorkflowDefinition.named("one")
                .version("1")
                .task(
                        "t",
                        context -> {},
                        task -> task.onCompleted(
                                done -> inCallback.complete(refusal(() -> known().await(done.executionId())))))
                .build();
        try (Engine running =
                started(Engine.builder(test.url()).workflow(called).listener(event -> {
                    if (event instanceof EngineEvent.ExecutionEnded ended) {
                        inListener.complete(refusal(() -> known().await(ended.executionId())));
                    }
                }))) {
            running.submit("one", Map.of());
            assertThat(inCallback.get(30, TimeUnit.SECONDS)).isEqualTo("AWAIT_IN_CALLBACK");
            assertThat(inListener.get(30, TimeUnit.SECONDS)).isEqualTo("AWAIT_IN_CALLBACK");
        }
    }

    @DatabaseTest
    void a_body_may_await_what_another_engine_runs(TestDatabase test) {
        try (Engine other = Engine.builder("sqlite::memory:")
                        .workflow(workflow("there", context -> {}))
                        .start();
                Engine running = started(Engine.builder(test.url())
                        .workflow(workflow("one", context -> other.await(other.submit("there", Map.of())))))) {
            UUID id = running.submit("one", Map.of());
            assertThat(running.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
