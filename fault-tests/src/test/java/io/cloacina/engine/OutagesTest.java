package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.PreparedData;
import io.cloacina.schema.testsupport.StallingProxy;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The database is away, busy, full or breaks in the middle: the runner goes on by itself, and nothing is lost. */
@Timeout(120)
class OutagesTest {
    private static final WorkflowDefinition CHAIN = WorkflowDefinition.named("chain")
            .version("1")
            .task("a", context -> context.put("a", 1))
            .task("b", context -> context.put("b", context.get("a", Integer.class) + 1), task -> task.after("a"))
            .task("left", context -> context.put("left", 1), task -> task.after("b"))
            .task("right", context -> context.put("right", 2), task -> task.after("b"))
            .task(
                    "c",
                    context -> context.put(
                            "sum", context.get("left", Integer.class) + context.get("right", Integer.class)),
                    task -> task.after("left", "right"))
            .build();

    private static EngineBuilder of(EngineBuilder builder, WorkflowDefinition workflow) {
        return builder.workflow(workflow).lease(Duration.ofSeconds(1)).pollInterval(Duration.ofMillis(500));
    }

    private static void assertAllEnded(Engine engine, List<UUID> ids) {
        for (UUID id : ids) {
            Execution ended = engine.await(id, Duration.ofSeconds(60)).orElseThrow();
            assertThat(ended.status()).as(ended.toString()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.context(id).get("sum", Integer.class)).isEqualTo(3);
            assertThat(engine.tasks(id)).allMatch(task -> task.status() == TaskStatus.COMPLETED);
        }
    }

    private static void assertConsistent(TestDatabase test, int executions) {
        assertThat(EngineParts.count(test, "SELECT count(*) FROM pipeline_executions"))
                .isEqualTo(executions);
        assertThat(EngineParts.count(test, "SELECT count(*) FROM task_executions"))
                .isEqualTo(executions * 5L);
        assertThat(EngineParts.count(test, "SELECT count(*) FROM task_execution_metadata"))
                .as("one output for each task")
                .isEqualTo(executions * 5L);
        assertThat(EngineParts.count(test, "SELECT count(*) FROM contexts")).isEqualTo(executions * 5L);
        assertThat(
                        EngineParts.count(
                                test,
                                "SELECT count(*) FROM task_executions WHERE claimed_by IS NOT NULL OR dependencies_remaining <> 0"))
                .isZero();
    }

    @DatabaseTest
    void commits_that_break_before_or_after_they_arrive_lose_nothing_and_double_nothing(TestDatabase test) {
        FaultyConnections source = new FaultyConnections(
                test,
                number -> number % 7 == 3
                        ? FaultyConnections.Fate.ANSWER_LOST
                        : number % 7 == 5 ? FaultyConnections.Fate.LOST : FaultyConnections.Fate.FINE);
        try (Engine engine = of(Engine.builder(source), CHAIN).start()) {
            source.arm();
            List<UUID> ids = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                ids.add(engine.submit("chain", Map.of()));
            }
            assertAllEnded(engine, ids);
            assertThat(source.commits()).isGreaterThan(14);
            source.disarm();
            EngineParts.until(
                    "everything is given back",
                    () -> EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE claimed_by IS NOT NULL")
                            == 0);
            assertConsistent(test, 20);
        }
    }

    @DatabaseTest
    void a_batch_whose_answer_was_lost_is_stored_once_beside_one_that_had_its_key(TestDatabase test) {
        FaultyConnections source = new FaultyConnections(
                test, number -> number == 1 ? FaultyConnections.Fate.ANSWER_LOST : FaultyConnections.Fate.FINE);
        try (Engine engine = of(Engine.builder(source), CHAIN).start()) {
            UUID first = engine.submit(Submission.of("chain").idempotencyKey("k"));
            engine.await(first);
            source.arm();

            List<UUID> ids = engine.submitAll(List.of(
                    Submission.of("chain").idempotencyKey("k"),
                    Submission.of("chain"),
                    Submission.of("chain").idempotencyKey("l")));

            assertThat(ids.get(0)).isEqualTo(first);
            assertAllEnded(engine, ids);
            assertThat(engine.submit(Submission.of("chain").idempotencyKey("l")))
                    .isEqualTo(ids.get(2));
            assertThat(engine.list(ExecutionQuery.all())).hasSize(3);
        }
    }

    @Test
    void connections_of_postgres_that_are_cut_while_work_runs_are_replaced() {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = of(Engine.builder(test.url()), CHAIN).start()) {
            List<UUID> ids = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 10; i++) {
                    ids.add(engine.submit("chain", Map.of()));
                }
                EngineParts.count(
                        test,
                        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname ="
                                + " current_database() AND pid <> pg_backend_pid()");
            }
            assertAllEnded(engine, ids);
            EngineParts.until(
                    "everything is given back",
                    () -> EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE claimed_by IS NOT NULL")
                            == 0);
            assertConsistent(test, 50);
        }
    }

    @Test
    void serialization_failures_and_deadlocks_at_any_statement_are_tried_again() {
        for (String state : List.of("40001", "40P01")) {
            for (String on : List.of(
                    "BEFORE INSERT ON pipeline_executions",
                    "BEFORE UPDATE ON pipeline_executions",
                    "BEFORE UPDATE ON task_executions",
                    "BEFORE INSERT ON task_execution_metadata")) {
                try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                        Engine engine = of(Engine.builder(test.url()), CHAIN).start()) {
                    TransactionalTest.raise(test, on, state, 3);
                    List<UUID> ids = new ArrayList<>();
                    for (int i = 0; i < 5; i++) {
                        ids.add(engine.submit("chain", Map.of()));
                    }
                    assertAllEnded(engine, ids);
                    assertThat(EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE attempt <> 1"))
                            .as("%s %s", on, state)
                            .isZero();
                    assertConsistent(test, 5);
                }
            }
        }
    }

    @Test
    void a_server_that_is_restarted_is_found_again(@TempDir Path folder) throws Exception {
        EmbeddedPostgres server = server(folder, 0);
        int port = server.getPort();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .version("1")
                .task("t", context -> {
                    inside.countDown();
                    EngineParts.await(let);
                    context.put("by", context.attempt());
                })
                .task("u", context -> {}, task -> task.after("t"))
                .build();
        try (Engine engine = Engine.builder("postgresql://postgres@127.0.0.1:" + port + "/postgres")
                .workflow(slow)
                .lease(Duration.ofSeconds(60))
                .start()) {
            try {
                UUID id = engine.submit("slow", Map.of());
                EngineParts.await(inside);
                CountDownLatch awaited = new CountDownLatch(1);
                Thread waiting = new Thread(() -> {
                    engine.await(id);
                    awaited.countDown();
                });
                waiting.start();
                server.close();
                AtomicInteger submitted = new AtomicInteger();
                Thread submitting = new Thread(() -> {
                    engine.submit("slow", Map.of());
                    submitted.incrementAndGet();
                });
                submitting.start();
                // The body ends while there is no database.
                let.countDown();
                assertThatThrownBy(() -> engine.find(id)).isInstanceOf(DatabaseException.class);
                assertThat(submitted)
                        .as("nothing is reported that was not made")
                        .hasValue(0);

                server = server(folder, port);

                EngineParts.await(awaited);
                submitting.join(TimeUnit.SECONDS.toMillis(30));
                assertThat(submitted).hasValue(1);
                assertThat(engine.context(id).get("by", Integer.class))
                        .as("nothing ran twice")
                        .isEqualTo(1);
            } finally {
                let.countDown();
            }
        } finally {
            server.close();
        }
    }

    @Test
    void transactions_sent_in_one_piece_whose_answers_are_lost_are_stored_once() throws IOException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                StallingProxy proxy = StallingProxy.before(test);
                Engine engine = of(Engine.builder(proxy.url() + "?prepareThreshold=0"), CHAIN)
                        .start()) {
            List<UUID> ids = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                proxy.loseAnswers(1 + i % 2);
                ids.add(engine.submit("chain", Map.of("number", i)));
            }
            assertAllEnded(engine, ids);
            proxy.loseAnswers(0);
            EngineParts.until(
                    "everything is given back",
                    () -> EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE claimed_by IS NOT NULL")
                            == 0);
            assertThat(EngineParts.count(test, "SELECT count(*) FROM pipeline_executions"))
                    .isEqualTo(20);
            assertThat(EngineParts.count(test, "SELECT count(*) FROM contexts"))
                    .as("an input for each execution, and an output for each task")
                    .isEqualTo(20 * 6);
        }
    }

    /** It takes connections meanwhile, and cuts them when a transaction begins: no write is to blame. */
    @Test
    void a_server_that_is_away_behind_a_pooler_is_waited_for() throws IOException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                StallingProxy pooler = StallingProxy.before(test);
                ManualEngine engine = Engine.builder(pooler.url())
                        .workflow(CHAIN)
                        .buildManual()
                        .start()) {
            engine.engine().submit("chain", Map.of());
            // More often than one write may be lost.
            pooler.cutTransactions(13);

            engine.engine().submit("chain", Map.of());
            engine.tick();

            assertConsistent(test, 2);
        }
    }

    static EmbeddedPostgres server(Path data, int port) throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setPort(port).setServerConfig("fsync", "off");
        return PreparedData.start(builder, data);
    }

    @Test
    void closing_while_the_server_is_away_ends(@TempDir Path folder) throws Exception {
        EmbeddedPostgres server = server(folder, 0);
        CountDownLatch inside = new CountDownLatch(4);
        CountDownLatch let = new CountDownLatch(1);
        WorkflowDefinition slow = WorkflowDefinition.named("slow")
                .task("t", context -> {
                    inside.countDown();
                    EngineParts.await(let);
                })
                .build();
        Engine engine = Engine.builder(
                        "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres?loginTimeout=1")
                .workflow(slow)
                .grace(Duration.ZERO)
                .start();
        try (engine) {
            for (int i = 0; i < 4; i++) {
                engine.submit("slow", Map.of());
            }
            EngineParts.await(inside);
            server.close();
            let.countDown();
            long begun = System.nanoTime();
            engine.close();
            // A few times what it takes to see that nobody answers.
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void sqlite_that_another_process_keeps_locked_is_waited_for() throws Exception {
        Queue<String> ran = new ConcurrentLinkedQueue<>();
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .task("a", context -> ran.add("a"))
                .task("b", context -> ran.add("b"), task -> task.after("a"))
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE);
                Engine engine = of(Engine.builder(test.url() + "?busy_timeout=20"), workflow)
                        .start();
                Connection other = test.jdbc();
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            AtomicInteger submitted = new AtomicInteger();
            List<UUID> ids = new ArrayList<>();
            Thread submitting = new Thread(() -> {
                ids.add(engine.submit("w", Map.of()));
                submitted.incrementAndGet();
            });
            submitting.start();
            // Each try waits for 20 milliseconds: several are over by then.
            submitting.join(300);
            assertThat(submitted).as("nothing is reported that was not made").hasValue(0);
            statement.execute("COMMIT");
            submitting.join(TimeUnit.SECONDS.toMillis(30));
            assertThat(engine.await(ids.get(0), EngineParts.LONG)).isPresent();
            assertThat(ran).containsExactly("a", "b");
        }
    }

    @Test
    void an_engine_that_cannot_start_says_why_and_leaves_nothing() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            test.migrated();
            EngineBuilder builder = of(Engine.builder(test.url() + "?busy_timeout=20"), CHAIN);
            try (Connection other = test.jdbc();
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                assertThatThrownBy(builder::start)
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.BUSY));
                statement.execute("COMMIT");
            }
            try (Engine engine = builder.start()) {
                assertAllEnded(engine, List.of(engine.submit("chain", Map.of())));
            }
        }
    }

    @Test
    void a_full_disk_is_said_stores_no_half_and_work_goes_on_when_there_is_space() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch let = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .version("1")
                .task(
                        "t",
                        context -> {
                            runs.incrementAndGet();
                            inside.countDown();
                            EngineParts.await(let);
                            context.put("large", "x".repeat(200_000));
                        },
                        task -> task.retry(RetryPolicy.NONE))
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            FaultyConnections source = new FaultyConnections(test, number -> FaultyConnections.Fate.FINE);
            try (Engine engine = of(Engine.builder(source), workflow).start()) {
                UUID id = engine.submit("w", Map.of());
                EngineParts.await(inside);
                source.onEach("PRAGMA max_page_count = 1");

                assertThatThrownBy(() -> engine.submit("w", Map.of("large", "x".repeat(200_000))))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.DISK_FULL));
                assertThat(engine.list(ExecutionQuery.all())).hasSize(1);
                assertThat(EngineParts.count(test, "SELECT count(*) FROM contexts"))
                        .isZero();
                let.countDown();
                assertThat(engine.await(id, Duration.ofSeconds(1))).isEmpty();
                assertThat(engine.tasks(id).get(0).status())
                        .as("a full disk is no failure of the task")
                        .isNotEqualTo(TaskStatus.FAILED);

                source.onEach("PRAGMA max_page_count = 1000000");

                assertThat(engine.await(id, EngineParts.LONG))
                        .get()
                        .extracting(Execution::status)
                        .isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(engine.context(id).get("large", String.class)).hasSize(200_000);
                assertThat(runs).as("what was done is kept").hasValue(1);
            }
        }
    }

    @Test
    void a_file_that_cannot_be_written_is_refused_and_said(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("read-only.db");
        String url = "sqlite:" + file;
        Engine.builder(url).workflow(CHAIN).start().close();
        assertThat(file.toFile().setWritable(false, false)).isTrue();
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Engine.builder(url).workflow(CHAIN).start())
                .isInstanceOfSatisfying(DatabaseException.class, e -> {
                    assertThat(e.kind()).isEqualTo(ErrorKind.READ_ONLY);
                    assertThat(e).hasMessageContaining("read-only.db");
                });

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(file.toFile().setWritable(true)).isTrue();
        try (Engine engine = Engine.builder(url).workflow(CHAIN).start()) {
            assertAllEnded(engine, List.of(engine.submit("chain", Map.of())));
        }
    }
}
