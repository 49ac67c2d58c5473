package io.cloacina.testing.conformance;

import static io.cloacina.testing.CloacinaAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Runner;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An engine that runs nothing itself, beside one that does. */
class ClientTest {
    private static final AtomicInteger TRIES = new AtomicInteger();

    private static final WorkflowDefinition CHAIN = WorkflowDefinition.named("chain")
            .task("first", context -> context.put("seen", context.get("given", Integer.class) + 1))
            .task("second", context -> {}, task -> task.after("first"))
            .build();

    private static final WorkflowDefinition WAITING = WorkflowDefinition.named("waiting")
            .task("ask", context -> {}, task -> task.signal("answer"))
            .build();

    @DatabaseTest
    void it_submits_what_others_run(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url()).workflow(CHAIN).start();
                Engine client =
                        Engine.builder(database.url()).workflow(CHAIN).client().start()) {
            UUID id = client.submit("chain", Map.of("given", 1));

            Execution done = client.await(id, Duration.ofSeconds(30)).orElseThrow();

            assertThat(done.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(client.context(id).get("seen", Integer.class)).isEqualTo(2);
            assertThat(engine.find(id)).contains(done);
            assertThat(client.workflows()).extracting(WorkflowDefinition::name).containsExactly("chain");
            assertThat(client.runners()).singleElement().satisfies(runner -> {
                assertThat(runner.workflows()).containsExactly(CHAIN.toString());
                assertThat(runner.pid()).isEqualTo(ProcessHandle.current().pid());
            });
        }
        try (Engine client = Engine.builder(database.url()).client().start()) {
            assertThat(client.runners()).isEqualTo(List.<Runner>of());
        }
    }

    @DatabaseTest
    void it_runs_nothing_and_leaves_no_trace_of_itself(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).workflow(CHAIN).start()) {
            try (Engine client =
                    Engine.builder(database.url()).workflow(CHAIN).client().start()) {
                UUID id = client.submit("chain", Map.of("given", 1));

                assertThat(client.await(id, Duration.ofMillis(300))).isEmpty();
                assertThat(engine, id).isPending();
                engine.tick();
                assertThat(client.await(id)).isEqualTo(engine.execution(id));
                assertThat(client.runners()).hasSize(1);
            }
            assertThat(engine.engine().runners()).hasSize(1);
        }
    }

    @DatabaseTest
    void it_intervenes_without_knowing_the_workflow(TestDatabase database) {
        TRIES.set(0);
        WorkflowDefinition failing = WorkflowDefinition.named("failing")
                .task("good", context -> {})
                .task(
                        "bad",
                        context -> {
                            if (TRIES.incrementAndGet() == 1) {
                                throw new IllegalStateException("not yet");
                            }
                        },
                        task -> task.after("good"))
                .task("last", context -> {}, task -> task.after("good", "bad"))
                .build();
        try (TestEngine engine = TestEngine.on(database.url())
                        .workflow(failing)
                        .workflow(WAITING)
                        .workflow(CHAIN)
                        .start();
                Engine client = Engine.builder(database.url()).client().start()) {
            UUID failed = engine.run("failing").id();
            assertThat(client.tasks(failed))
                    .extracting(TaskExecution::dependencies)
                    .containsExactly(List.of(), List.of("good"), List.of("good", "bad"));
            assertThat(client.tasks(failed, List.of(TaskStatus.FAILED)))
                    .extracting(TaskExecution::name)
                    .containsExactly("bad");
            assertThat(client.tasks(failed, List.of(TaskStatus.SKIPPED, TaskStatus.COMPLETED, TaskStatus.SKIPPED)))
                    .isEqualTo(client.tasks(failed).stream()
                            .filter(task -> !task.name().equals("bad"))
                            .toList());
            assertThat(client.tasks(failed, List.of(TaskStatus.values()))).isEqualTo(client.tasks(failed));
            assertThat(client.tasks(failed, List.of())).isEqualTo(client.tasks(failed));
            assertThat(client.tasks(failed, List.of(TaskStatus.WAITING))).isEmpty();
            assertThatThrownBy(() -> client.tasks(UUID.randomUUID(), List.of(TaskStatus.FAILED)))
                    .isInstanceOf(UnknownExecutionException.class);
            client.retry(failed);
            UUID paused = engine.submit("chain", Map.of("given", 1));
            client.pause(paused, "later");
            UUID asked = engine.submit("waiting");
            engine.tick();

            assertThat(engine, failed).isCompleted();
            assertThat(client.find(paused).orElseThrow().pauseReason()).isEqualTo("later");
            assertThat(client.tasks(asked).get(0).waitsFor()).isEqualTo(WaitKind.SIGNAL);
            assertThat(client.tasks(asked).get(0).signal()).isEqualTo("answer");

            client.resume(paused);
            client.signal(asked, "answer", 42);
            UUID cancelled = engine.submit("waiting");
            client.cancel(cancelled);
            engine.tick();

            assertThat(engine, paused).isCompleted();
            assertThat(engine, asked).isCompleted();
            assertThat(client.list(ExecutionQuery.all().status(ExecutionStatus.CANCELLED)))
                    .extracting(Execution::id)
                    .containsExactly(cancelled);
        }
    }

    @DatabaseTest
    void a_schedule_that_it_puts_is_fired_by_others_at_once(TestDatabase database) {
        try (Engine engine = Engine.builder(database.url()).workflow(WAITING).start();
                Engine client = Engine.builder(database.url()).client().start()) {
            client.schedules()
                    .put(Schedule.of("often", "waiting").cron("* * * * * *").zone("UTC"));

            // Long before the runner's next regular look.
            long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
            while (engine.count(ExecutionQuery.all().workflow("waiting").unfinished())
                            .isZero()
                    && System.nanoTime() < end) {
                LockSupport.parkNanos(5_000_000);
            }
            assertThat(engine.list(ExecutionQuery.all().workflow("waiting").unfinished()))
                    .isNotEmpty();
            assertThatThrownBy(() -> client.schedules()
                            .put(Schedule.of("never", "wating")
                                    .cron("* * * * *")
                                    .zone("UTC")))
                    .isInstanceOf(UnknownWorkflowException.class);
        }
    }

    @DatabaseTest
    void what_nobody_knows_it_does_not_submit(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).workflow(CHAIN).start();
                Engine client = Engine.builder(database.url()).client().start()) {
            assertThatThrownBy(() -> client.submit(Submission.of("chains")))
                    .isInstanceOf(UnknownWorkflowException.class)
                    .hasMessageContaining("Did you mean 'chain'?");
            assertThat(engine.engine().list(ExecutionQuery.all())).isEmpty();
        }
    }

    @DatabaseTest
    void who_listens_to_it_may_submit_with_it(TestDatabase database) {
        try (TestEngine engine = TestEngine.on(database.url()).workflow(CHAIN).start()) {
            AtomicReference<@Nullable Engine> own = new AtomicReference<>();
            AtomicInteger received = new AtomicInteger();
            try (Engine client = Engine.builder(database.url())
                    .workflow(CHAIN)
                    .listener(event -> {
                        if (event instanceof EngineEvent.ExecutionSubmitted && received.incrementAndGet() == 1) {
                            Objects.requireNonNull(own.get()).submit("chain", Map.of("given", 2));
                        }
                    })
                    .client()
                    .start()) {
                own.set(client);
                client.submit("chain", Map.of("given", 1));

                assertThat(received).hasValue(2);
                assertThat(engine.engine()
                                .list(ExecutionQuery.all().workflow("chain").unfinished()))
                        .hasSize(2);
            }
        }
    }

    @DatabaseTest
    void it_needs_a_database_that_is_up_to_date(TestDatabase database) throws SQLException {
        if (database.backend() == Backend.POSTGRES) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
            }
        }
        assertThatThrownBy(() -> Engine.builder(database.url()).client().start())
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("has no Cloacina schema")
                .hasMessageContaining("schema migrate");
    }
}
