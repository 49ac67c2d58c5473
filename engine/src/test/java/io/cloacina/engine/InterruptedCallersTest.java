package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.host.ProcessIdentity;
import io.cloacina.engine.internal.host.Processes;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An interrupt of whoever calls disturbs nothing that is stored or read, and is kept for whoever asks for it. */
@Timeout(60)
class InterruptedCallersTest {
    private static final WorkflowDefinition ONE = WorkflowDefinition.named("one")
            .version("1")
            .task("t", context -> {}, task -> task.signal("go"))
            .task("u", context -> {}, task -> task.signal("other"))
            .build();

    @AfterEach
    void forget() {
        Thread.interrupted();
    }

    /** Something that an engine is asked for. */
    private interface Call {
        Object on(Engine engine, UUID execution) throws Exception;
    }

    private static Object nothing(Runnable doing) {
        doing.run();
        return true;
    }

    private static Map<String, Call> calls(TestDatabase test) {
        Map<String, Call> all = new LinkedHashMap<>();
        all.put("submit", (engine, id) -> engine.submit("one", Map.of("a", 1)));
        all.put("submitAll", (engine, id) -> engine.submitAll(List.of(Submission.of("one"), Submission.of("one"))));
        all.put("submit in a transaction", (engine, id) -> {
            try (Connection connection = test.jdbc()) {
                connection.setAutoCommit(false);
                UUID made = engine.submit(connection, Submission.of("one"));
                connection.commit();
                return made;
            }
        });
        all.put("find", (engine, id) -> engine.find(id).orElseThrow());
        all.put("list", (engine, id) -> engine.list(ExecutionQuery.all()));
        all.put("count", (engine, id) -> engine.count(ExecutionQuery.all()));
        all.put("tasks", Engine::tasks);
        all.put("recoveries", Engine::recoveries);
        all.put("context", Engine::context);
        all.put("runners", (engine, id) -> engine.runners());
        all.put("pause", (engine, id) -> nothing(() -> engine.pause(id, "why")));
        all.put("resume", (engine, id) -> nothing(() -> engine.resume(id)));
        all.put("signal", (engine, id) -> nothing(() -> engine.signal(id, "other", 1)));
        all.put("cancel", (engine, id) -> nothing(() -> engine.cancel(id)));
        // An answer of its own.
        all.put("retry", (engine, id) -> catchThrowableOfType(ExecutionStateException.class, () -> engine.retry(id)));
        all.put(
                "put a schedule",
                (engine, id) -> engine.schedules()
                        .put(Schedule.of("s", "one").cron("0 0 * * *").zone("UTC")));
        all.put("list schedules", (engine, id) -> engine.schedules().list());
        all.put("disable", (engine, id) -> nothing(() -> engine.schedules().disable("s")));
        all.put("enable", (engine, id) -> nothing(() -> engine.schedules().enable("s")));
        all.put("delete a schedule", (engine, id) -> engine.schedules().delete("s"));
        all.put("list packages", (engine, id) -> engine.packages().list());
        all.put("look", (engine, id) -> engine.await(id, Duration.ZERO));
        return all;
    }

    @DatabaseTest
    void every_method_works_in_an_interrupted_thread_which_stays_interrupted(TestDatabase test) throws Exception {
        Thread.currentThread().interrupt();
        try (Engine engine = Engine.builder(test.url()).workflow(ONE).start()) {
            assertThat(Thread.interrupted()).as("interrupted after the start").isTrue();
            UUID id = engine.submit("one", Map.of());
            for (Map.Entry<String, Call> call : calls(test).entrySet()) {
                Thread.currentThread().interrupt();
                assertThat(call.getValue().on(engine, id)).as(call.getKey()).isNotNull();
                assertThat(Thread.interrupted())
                        .as("interrupted after %s", call.getKey())
                        .isTrue();
            }
            Thread.currentThread().interrupt();
        }
        assertThat(Thread.interrupted()).as("interrupted after closing").isTrue();
    }

    @DatabaseTest
    void waiting_for_an_execution_is_what_an_interrupt_ends_with_a_code(TestDatabase test) {
        try (Engine engine = Engine.builder(test.url()).workflow(ONE).start()) {
            UUID id = engine.submit("one", Map.of());
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> engine.await(id))
                    .isInstanceOfSatisfying(
                            CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INTERRUPTED"));
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @DatabaseTest
    void who_is_interrupted_again_and_again_stores_each_execution_once(TestDatabase test) throws Exception {
        try (Engine engine = Engine.builder(test.url()).workflow(ONE).start()) {
            AtomicBoolean isOver = new AtomicBoolean();
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Integer> stored = new CompletableFuture<>();
            Thread submitting = new Thread(() -> {
                begun.countDown();
                try {
                    for (int i = 0; i < 100; i++) {
                        UUID id = engine.submit("one", Map.of("i", i));
                        assertThat(engine.context(id).get("i", Integer.class)).isEqualTo(i);
                    }
                    stored.complete(100);
                } catch (RuntimeException | AssertionError e) {
                    stored.completeExceptionally(e);
                } finally {
                    isOver.set(true);
                }
            });
            submitting.start();
            EngineParts.await(begun);
            while (!isOver.get()) {
                submitting.interrupt();
                Thread.onSpinWait();
            }
            assertThat(stored.get(30, TimeUnit.SECONDS)).isEqualTo(100);
            assertThat(EngineParts.count(test, "SELECT count(*) FROM pipeline_executions"))
                    .isEqualTo(100);
        }
    }

    @Test
    void a_process_is_known_in_an_interrupted_thread_too() {
        Thread.currentThread().interrupt();
        ProcessIdentity known =
                new Processes(Path.of("/proc"), ProcessHandle.current().pid()).self();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(known).isEqualTo(Processes.OF_THIS_HOST.self());
    }
}
