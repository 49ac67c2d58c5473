package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was done while the database takes nothing is kept as long as the process lives, and recorded when it can be. */
@Timeout(120)
class KeptEndsTest {
    /** Bodies that end while nothing can be written: one that is transactional and one that is not. */
    private static final class Ending {
        private final CountDownLatch inside = new CountDownLatch(2);
        private final CountDownLatch let = new CountDownLatch(1);
        private final AtomicInteger runs = new AtomicInteger();
        private final AtomicInteger transactionalRuns = new AtomicInteger();

        List<WorkflowDefinition> workflows() {
            WorkflowDefinition plain = WorkflowDefinition.named("plain")
                    .task("t", context -> {
                        runs.incrementAndGet();
                        inside.countDown();
                        EngineParts.await(let);
                        context.put("x", 1);
                    })
                    .build();
            WorkflowDefinition within = WorkflowDefinition.named("within")
                    .task(
                            "t",
                            context -> {
                                transactionalRuns.incrementAndGet();
                                inside.countDown();
                                EngineParts.await(let);
                                context.put("x", 1);
                            },
                            task -> task.transactional())
                    .build();
            return List.of(plain, within);
        }
    }

    /** A body that is let end, with a value that it writes. */
    private static final class OneEnd {
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch let = new CountDownLatch(1);
        private final AtomicInteger runs = new AtomicInteger();
        private final Object written;

        OneEnd(Object written) {
            this.written = written;
        }

        WorkflowDefinition workflow() {
            return WorkflowDefinition.named("w")
                    .version("1")
                    .task("t", context -> {
                        runs.incrementAndGet();
                        inside.countDown();
                        EngineParts.await(let);
                        context.put("x", written);
                    })
                    .build();
        }
    }

    private interface Switch {
        void set(boolean readOnly) throws Exception;
    }

    private static void assertWhatWasDoneIsKept(EngineBuilder builder, Switch readOnly) throws Exception {
        Ending bodies = new Ending();
        bodies.workflows().forEach(builder::workflow);
        try (Engine engine = builder.lease(Duration.ofSeconds(1)).start()) {
            UUID plain = engine.submit("plain", Map.of());
            UUID within = engine.submit("within", Map.of());
            EngineParts.await(bodies.inside);
            readOnly.set(true);
            bodies.let.countDown();
            assertThatThrownBy(() -> engine.submit("plain", Map.of()))
                    .isInstanceOfSatisfying(
                            DatabaseException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.READ_ONLY));
            assertThat(engine.await(plain, Duration.ofSeconds(3))).isEmpty();
            assertThat(bodies.runs).hasValue(1);

            readOnly.set(false);

            assertThat(engine.await(plain).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.await(within).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(bodies.runs).as("what was done is kept").hasValue(1);
            assertThat(bodies.transactionalRuns.get())
                    .as("what was written in a transaction has to be written again, when it can be")
                    .isLessThanOrEqualTo(2);
            assertThat(engine.tasks(within).get(0).attempt()).isEqualTo(1);
        }
    }

    @Test
    void what_was_done_while_a_server_is_read_only_is_kept(@TempDir Path folder) throws Exception {
        try (EmbeddedPostgres server = OutagesTest.server(folder, 0)) {
            String url = "postgresql://postgres@127.0.0.1:" + server.getPort() + "/postgres";
            assertWhatWasDoneIsKept(Engine.builder(url), readOnly -> {
                try (Connection admin = server.getPostgresDatabase().getConnection();
                        Statement statement = admin.createStatement()) {
                    statement.execute("SET default_transaction_read_only = off");
                    statement.execute("ALTER SYSTEM SET default_transaction_read_only = " + (readOnly ? "on" : "off"));
                    statement.execute("SELECT pg_reload_conf()");
                }
                // Each server process takes up the change by itself, between two transactions.
                EngineParts.until("new transactions see it", () -> isReadOnly(server) == readOnly);
            });
        }
    }

    private static boolean isReadOnly(EmbeddedPostgres server) {
        try (Connection fresh = server.getPostgresDatabase().getConnection();
                Statement statement = fresh.createStatement();
                ResultSet answer = statement.executeQuery("SHOW default_transaction_read_only")) {
            answer.next();
            return answer.getString(1).equals("on");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_was_done_while_a_file_is_read_only_is_kept() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            FaultyConnections source = new FaultyConnections(test, number -> FaultyConnections.Fate.FINE);
            OneEnd body = new OneEnd(1);
            try (Engine engine =
                    Engine.builder(source).workflow(body.workflow()).start()) {
                UUID id = engine.submit("w", Map.of());
                EngineParts.await(body.inside);
                source.onEach("PRAGMA query_only = ON");
                body.let.countDown();
                assertThatThrownBy(() -> engine.submit("w", Map.of()))
                        .isInstanceOfSatisfying(
                                DatabaseException.class,
                                e -> assertThat(e.kind()).isEqualTo(ErrorKind.READ_ONLY));
                assertThat(engine.await(id, Duration.ofSeconds(3))).isEmpty();

                source.onEach("PRAGMA query_only = OFF");

                assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(body.runs).as("what was done is kept").hasValue(1);
            }
        }
    }

    @Test
    void closing_while_what_was_done_cannot_be_stored_ends_and_it_runs_again() throws Exception {
        OneEnd body = new OneEnd("x".repeat(200_000));
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            FaultyConnections source = new FaultyConnections(test, number -> FaultyConnections.Fate.FINE);
            Engine engine = Engine.builder(source)
                    .workflow(body.workflow())
                    .grace(Duration.ofSeconds(60))
                    .start();
            UUID id;
            try (engine) {
                id = engine.submit("w", Map.of());
                EngineParts.await(body.inside);
                source.onEach("PRAGMA max_page_count = 1");
                body.let.countDown();
                long begun = System.nanoTime();
                engine.close();
                assertThat(Duration.ofNanos(System.nanoTime() - begun))
                        .as("nothing is waited for that cannot be")
                        .isLessThan(Duration.ofSeconds(30));
            }
            try (Engine other =
                    Engine.builder(test.url()).workflow(body.workflow()).start()) {
                assertThat(other.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(body.runs).hasValue(2);
            }
        }
    }

    @Test
    void what_was_done_is_recorded_while_the_engine_closes_if_there_is_room_within_the_grace() throws Exception {
        OneEnd body = new OneEnd("x".repeat(200_000));
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            FaultyConnections source = new FaultyConnections(test, number -> FaultyConnections.Fate.FINE);
            UUID id;
            try (Engine engine = Engine.builder(source)
                    .workflow(body.workflow())
                    .grace(Duration.ofSeconds(60))
                    .start()) {
                id = engine.submit("w", Map.of());
                EngineParts.await(body.inside);
                source.beforeEachTransaction("PRAGMA max_page_count = 1");
                body.let.countDown();
                Thread closing = new Thread(engine::close, "closing");
                closing.start();
                closing.join(500);
                assertThat(closing.isAlive()).as("there is time left").isTrue();

                source.beforeEachTransaction("PRAGMA max_page_count = 1000000");
                closing.join();
                assertThat(EngineParts.count(test, "SELECT count(*) FROM runners"))
                        .isZero();
            }
            try (Engine other =
                    Engine.builder(test.url()).workflow(body.workflow()).start()) {
                assertThat(other.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
                assertThat(body.runs).as("what was done is kept").hasValue(1);
            }
        }
    }

    @DatabaseTest
    void the_row_of_a_runner_that_holds_a_task_stays_without_an_error(TestDatabase test) {
        WorkflowDefinition workflow =
                WorkflowDefinition.named("w").task("t", context -> {}).build();
        EngineRuntime runtime = EngineParts.manual(test, workflow);
        new Engine(runtime).submit("w", Map.of());
        String holds =
                "UPDATE task_executions SET status = 'Running', started_at = created_at, attempt = 1, claimed_by = ";
        EngineParts.execute(
                test, holds + EngineParts.literal(test, runtime.parts().lease().runner()));
        runtime.parts().lease().end();
        assertThat(EngineParts.count(test, "SELECT count(*) FROM runners")).isEqualTo(1);

        EngineParts.execute(test, "UPDATE task_executions SET status = 'Ready', claimed_by = NULL");
        runtime.parts().lease().end();
        assertThat(EngineParts.count(test, "SELECT count(*) FROM runners")).isZero();
        runtime.close();
    }
}
