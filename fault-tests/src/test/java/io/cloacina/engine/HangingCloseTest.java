package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.StallingProxy;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing ends within the grace and a little, whatever hangs: what hangs here would do so until the test has ended. */
@Timeout(120)
class HangingCloseTest {
    /** On a machine that does nothing else it is {@link Closing#EXTRA}. */
    private static final Duration BOUND = Duration.ofSeconds(25);

    private final CountDownLatch let = new CountDownLatch(1);
    private final CountDownLatch inside = new CountDownLatch(1);

    @AfterEach
    void let() {
        let.countDown();
    }

    /** Whatever interrupts it. */
    private void hang() {
        boolean interrupted = false;
        inside.countDown();
        while (true) {
            try {
                let.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static WorkflowDefinition one(TaskBody body, boolean isTransactional) {
        return WorkflowDefinition.named("one")
                .version("1")
                .task("t", body, task -> {
                    if (isTransactional) {
                        task.transactional();
                    }
                })
                .build();
    }

    private static void assertCloses(Engine engine) {
        long begun = System.nanoTime();
        engine.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(BOUND);
    }

    private static void assertRunsAtOnce(TestDatabase test, UUID id) {
        try (Engine next = Engine.builder(test.url())
                .workflow(one(context -> context.put("by", "the next"), false))
                .start()) {
            // Before the lease of the first could be over.
            assertThat(next.await(id, Duration.ofSeconds(10)))
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(next.context(id).get("by", String.class)).isEqualTo("the next");
        }
    }

    @DatabaseTest
    void a_transactional_body_that_ignores_interrupts_is_rolled_back_and_given_back(TestDatabase test)
            throws Exception {
        EngineParts.execute(test, "CREATE TABLE effects (n INTEGER)");
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        WorkflowDefinition workflow = WorkflowDefinition.named("one")
                .version("1")
                .task("t", context -> insertAndHang(context, ended), task -> task.transactional())
                .task("other", context -> {})
                .build();
        Engine engine = Engine.builder(test.url())
                .workflow(workflow)
                .grace(Duration.ofMillis(50))
                .start();
        UUID id = engine.submit("one", Map.of());
        EngineParts.await(inside);

        assertCloses(engine);

        assertThat(EngineParts.count(test, "SELECT count(*) FROM runners")).isZero();
        assertThat(EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE status = 'Running'"))
                .isZero();
        // Nobody is held up by it.
        EngineParts.execute(test, "INSERT INTO effects (n) VALUES (2)");
        let.countDown();
        assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(EngineParts.count(test, "SELECT sum(n) FROM effects")).isEqualTo(2);
        try (Engine client = Engine.builder(test.url()).client().start()) {
            assertThat(client.find(id)).get().extracting(Execution::isFinished).isEqualTo(false);
        }
    }

    private void insertAndHang(TaskContext context, CompletableFuture<Boolean> ended) throws Exception {
        try (Statement statement = context.connection().createStatement()) {
            statement.execute("INSERT INTO effects (n) VALUES (1)");
        }
        hang();
        try (Statement statement = context.connection().createStatement()) {
            statement.execute("INSERT INTO effects (n) VALUES (1)");
            ended.complete(false);
        } finally {
            ended.complete(true);
        }
    }

    @DatabaseTest
    void a_body_that_ignores_interrupts_holds_up_nothing(TestDatabase test) {
        Engine engine = Engine.builder(test.url())
                .workflow(one(context -> hang(), false))
                .grace(Duration.ofMillis(50))
                .start();
        UUID id = engine.submit("one", Map.of());
        EngineParts.await(inside);
        assertCloses(engine);
        assertRunsAtOnce(test, id);
        try (Engine client = Engine.builder(test.url()).client().start()) {
            assertThat(client.attempts(id))
                    .as("the attempt that was given back is remembered")
                    .extracting(TaskAttempt::attempt, TaskAttempt::outcome)
                    .containsExactly(tuple(1, AttemptOutcome.INTERRUPTED), tuple(2, AttemptOutcome.COMPLETED));
        }
    }

    @DatabaseTest
    void a_callback_that_hangs_is_left_behind(TestDatabase test) {
        WorkflowDefinition workflow = WorkflowDefinition.named("one")
                .task("t", context -> {}, task -> task.onCompleted(done -> hang()))
                .build();
        Engine engine = Engine.builder(test.url())
                .workflow(workflow)
                .grace(Duration.ofMillis(50))
                .start();
        engine.submit("one", Map.of());
        EngineParts.await(inside);
        assertCloses(engine);
        assertThat(EngineParts.count(test, "SELECT count(*) FROM runners")).isZero();
    }

    @DatabaseTest
    void a_listener_that_hangs_is_interrupted_after_the_grace_and_the_rest_is_not_told(TestDatabase test) {
        AtomicBoolean interrupted = new AtomicBoolean();
        List<EngineEvent> told = new ArrayList<>();
        Engine engine = Engine.builder(test.url())
                .workflow(one(context -> {}, false))
                .listener(event -> {
                    told.add(event);
                    inside.countDown();
                    try {
                        let.await();
                    } catch (InterruptedException e) {
                        interrupted.set(true);
                    }
                })
                .grace(Duration.ofMillis(50))
                .start();
        engine.await(engine.submit("one", Map.of()));
        EngineParts.await(inside);
        assertCloses(engine);
        EngineParts.until("it is interrupted", interrupted::get);
        assertThat(told).hasSize(1);
    }

    @DatabaseTest
    void a_listener_that_hangs_by_hand_or_in_a_client_is_left_behind(TestDatabase test) throws Exception {
        ManualEngine manual = Engine.builder(test.url())
                .workflow(one(context -> {}, false))
                .listener(event -> hang())
                .grace(Duration.ofMillis(50))
                .buildManual()
                .start();
        Thread turning = new Thread(() -> manual.engine().submit("one", Map.of()));
        turning.start();
        EngineParts.await(inside);
        assertCloses(manual.engine());
        let.countDown();
        turning.join();
    }

    @Test
    void a_server_that_answers_nothing_is_left_behind_and_who_waits_is_told() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                StallingProxy proxy = StallingProxy.before(test)) {
            Engine engine = Engine.builder(proxy.url())
                    .workflow(one(context -> hang(), false))
                    .workflow(WorkflowDefinition.named("writes")
                            .task("t", context -> hang(), task -> task.transactional())
                            .build())
                    .grace(Duration.ofMillis(50))
                    .start();
            UUID id = engine.submit("one", Map.of());
            engine.submit("writes", Map.of());
            EngineParts.await(inside);
            proxy.stall();
            CompletableFuture<String> submitting = codeOf(() -> engine.submit("one", Map.of()));
            CompletableFuture<String> awaiting = codeOf(() -> engine.await(id));
            CompletableFuture<String> cancelling = codeOf(() -> engine.cancel(id));

            assertCloses(engine);

            assertThat(submitting.get(30, TimeUnit.SECONDS)).isEqualTo("ENGINE_CLOSED");
            assertThat(awaiting.get(30, TimeUnit.SECONDS)).isEqualTo("ENGINE_CLOSED");
            assertThat(cancelling.get(30, TimeUnit.SECONDS)).isEqualTo("ENGINE_CLOSED");
            assertThat(codeOf(() -> engine.pause(id, null)).get(30, TimeUnit.SECONDS))
                    .isEqualTo("ENGINE_CLOSED");
        }
    }

    @Test
    void a_file_that_another_process_keeps_locked_is_left_behind_and_who_waits_is_told() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            // Longer than closing may take, and then the file can be removed.
            Engine engine = Engine.builder(test.url() + "?busy_timeout=40000")
                    .workflow(one(context -> hang(), false))
                    .grace(Duration.ofMillis(50))
                    .start();
            UUID id = engine.submit("one", Map.of());
            EngineParts.await(inside);
            try (Connection other = test.jdbc();
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                CompletableFuture<String> submitting = codeOf(() -> engine.submit("one", Map.of()));
                CompletableFuture<String> awaiting = codeOf(() -> engine.await(id));

                assertCloses(engine);

                assertThat(submitting.get(30, TimeUnit.SECONDS)).isEqualTo("ENGINE_CLOSED");
                assertThat(awaiting.get(30, TimeUnit.SECONDS)).isEqualTo("ENGINE_CLOSED");
                statement.execute("COMMIT");
            }
        }
    }

    @Test
    void a_client_whose_writer_hangs_closes() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.migrated();
            try (StallingProxy proxy = StallingProxy.before(test)) {
                Engine client = Engine.builder(proxy.url())
                        .workflow(one(context -> {}, false))
                        .grace(Duration.ofMillis(50))
                        .client()
                        .start();
                UUID id = client.submit("one", Map.of());
                proxy.stall();
                CompletableFuture<String> submitting = codeOf(() -> client.submit("one", Map.of()));
                CompletableFuture<String> awaiting = codeOf(() -> client.await(id));

                assertCloses(client);

                assertThat(submitting.get(30, TimeUnit.SECONDS)).isNotEqualTo("none");
                assertThat(awaiting.get(30, TimeUnit.SECONDS)).isEqualTo("ENGINE_CLOSED");
            }
        }
    }

    @DatabaseTest
    void bodies_that_wait_until_what_came_before_is_told_begin_no_more(TestDatabase test) {
        WorkflowDefinition.Builder wide = WorkflowDefinition.named("wide");
        for (int i = 0; i < 5_500; i++) {
            wide.task("t" + i, context -> {}, task -> task.onCompleted(done -> hang()));
        }
        Engine engine = Engine.builder(test.url())
                .workflow(wide.build())
                .workflow(one(context -> {}, false))
                .slots(64)
                .grace(Duration.ofMillis(50))
                .start();
        engine.submit("wide", Map.of());
        engine.submit("wide", Map.of());
        CompletableFuture<String> submitting = codeOf(() -> {
            while (true) {
                engine.submit("one", Map.of());
            }
        });
        // Submissions wait for the same room as bodies, whose threads may be virtual and are not listed then.
        EngineParts.within(Duration.ofSeconds(60), "too much is to be told", () -> hasThreadIn("awaitRoom"));
        assertCloses(engine);
        assertThat(submitting.join()).isEqualTo("ENGINE_CLOSED");
        assertThat(EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE status = 'Running'"))
                .isZero();
    }

    private static boolean hasThreadIn(String method) {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Stream::of)
                .anyMatch(frame -> frame.getMethodName().equals(method));
    }

    private interface Call {
        void run();
    }

    /** With which code it is refused, sooner or later. */
    private static CompletableFuture<String> codeOf(Call call) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        call.run();
                        return "none";
                    } catch (CloacinaException e) {
                        return e.code();
                    } catch (RuntimeException e) {
                        return e.toString();
                    }
                },
                work -> {
                    Thread thread = new Thread(work);
                    thread.setDaemon(true);
                    thread.start();
                });
    }

    @Test
    void who_closes_twice_waits_for_the_first() {
        Engine engine = Engine.builder("sqlite::memory:")
                .workflow(one(context -> {}, false))
                .start();
        assertCloses(engine);
        assertCloses(engine);
        assertThatThrownBy(() -> engine.submit("one", Map.of())).isInstanceOf(CloacinaException.class);
    }
}
