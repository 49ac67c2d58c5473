package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.SmallDisk;
import io.cloacina.schema.testsupport.StallingProxy;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The troubles of docs/how-to/at-3-am.md that a database has, see {@link TroublesIT}: its disk is full, or it is slow. */
@Timeout(180)
class DatabaseTroublesIT {
    /** More than what is free in pages that a database has already. */
    private static final int LARGE = 2_000_000;

    @TempDir
    private Path home;

    /** Its task tells that it runs, writes something large when it is told to, and counts how often it ran. */
    private static WorkflowDefinition writing(CountDownLatch running, CountDownLatch end, AtomicInteger runs) {
        return WorkflowDefinition.named("order")
                .version("1")
                .task(
                        "write",
                        context -> {
                            runs.incrementAndGet();
                            running.countDown();
                            end.await();
                            context.put("result", large());
                        },
                        task -> task.retry(RetryPolicy.NONE))
                .task(
                        "ship",
                        context -> runs.incrementAndGet(),
                        task -> task.after("write").retry(RetryPolicy.NONE))
                .build();
    }

    /** A text that PostgreSQL cannot compress to nothing. */
    private static String large() {
        return new Random(1)
                .ints(LARGE, 'a', 'z')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static EngineBuilder runner(String url, WorkflowDefinition workflow) {
        return Engine.builder(url).pollInterval(Duration.ofMillis(100)).workflow(workflow);
    }

    @DatabaseTest
    void a_disk_that_is_full(TestDatabase database) throws IOException, InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = writing(running, end, runs);
        Path input = home.resolve("input.json");
        Files.writeString(input, "{\"order\": \"" + large() + "\"}");
        Cli cli = new Cli(home, database);
        // Tests that run beside others must not lose a lease by that.
        try (SmallDisk disk = SmallDisk.under(database);
                Engine engine = runner(database.url(), workflow)
                        .workflow(WorkflowDefinition.named("quick")
                                .version("1")
                                .task("work", context -> {})
                                .build())
                        .lease(Duration.ofHours(1))
                        .start()) {
            UUID ended = engine.submit("quick", Map.of());
            engine.await(ended);
            UUID id = engine.submit("order", Map.of());
            running.await();
            disk.fill();
            end.countDown();

            // What changes nothing answers as before, and what changes something says what is wrong.
            assertThat(cli.why(id)).contains("write: runs on host ", "ship: waits for task 'write', which runs since ");
            cli.refused(2, "no space is left for ", "executions restart " + ended, "--input", "@" + input);
            assertThat(cli.json("executions list"))
                    .as("nothing is stored by half")
                    .hasSize(2);
            assertThat(cli.run("status").exitCode()).isZero();
            assertThat(engine.await(id, Duration.ofMillis(500))).isEmpty();
            assertThat(cli.json("executions show " + id).path("status").asText())
                    .as("a full disk is no failure of the task")
                    .isEqualTo("Running");

            disk.makeSpace();

            assertThat(engine.await(id).status().label()).isEqualTo("Completed");
            assertThat(runs).as("what was done is kept").hasValue(2);
            assertThat(engine.context(id).get("result", String.class)).hasSize(LARGE);
            assertThat(cli.run("status").exitCode()).isZero();
        }
    }

    /** A database in which nothing that a runner does comes to an end, until it is let. */
    private interface Slow extends AutoCloseable {
        /** How the runner reaches it. */
        String url();

        void hold();

        void let();

        @Override
        void close();

        static Slow of(TestDatabase database) {
            return database.backend() == Backend.SQLITE ? new HeldFile(database) : new SlowServer(database);
        }
    }

    /** Somebody else holds the lock of those who write. */
    private static final class HeldFile implements Slow {
        private final TestDatabase database;
        private final Connection holder;

        HeldFile(TestDatabase database) {
            try {
                this.database = database;
                this.holder = database.jdbc();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String url() {
            return database.url() + "?busy_timeout=50";
        }

        @Override
        public void hold() {
            execute("BEGIN IMMEDIATE");
        }

        @Override
        public void let() {
            execute("COMMIT");
        }

        @Override
        public void close() {
            try {
                holder.close();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        private void execute(String sql) {
            try (Statement statement = holder.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** The way to the server is slow, and then nothing comes through. */
    private static final class SlowServer implements Slow {
        private final StallingProxy proxy;

        SlowServer(TestDatabase database) {
            proxy = StallingProxy.before(database);
            proxy.delay(Duration.ofMillis(10));
        }

        @Override
        public String url() {
            return proxy.url();
        }

        @Override
        public void hold() {
            proxy.stall();
        }

        @Override
        public void let() {
            proxy.goOn();
        }

        @Override
        public void close() {
            try {
                proxy.close();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @DatabaseTest
    void a_database_that_is_slow(TestDatabase database) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        Cli cli = new Cli(home, database);
        try (Slow slow = Slow.of(database);
                Engine engine = runner(slow.url(), writing(running, end, runs))
                        .lease(Duration.ofSeconds(2))
                        .start()) {
            UUID id = engine.submit("order", Map.of());
            running.await();
            slow.hold();
            end.countDown();

            while (!cli.problems().contains("RUNNER_SILENT")) {
                assertThat(engine.isRunning()).isTrue();
                Cli.pause();
            }
            JsonNode runner = cli.json("status").path("runners").get(0);
            assertThat(runner.path("alive").asBoolean()).as(runner.toString()).isFalse();
            assertThat(cli.run("status").outText())
                    .contains("has not renewed its lease for ", "its log shows why it does not reach the database");
            assertThat(cli.why(id)).contains("write: ran on host ", "which has not renewed its lease for ");
            assertThat(runs).hasValue(1);

            slow.let();

            assertThat(engine.await(id).status().label()).isEqualTo("Completed");
            assertThat(runs).as("nothing runs twice").hasValue(2);
            assertThat(engine.attempts(id)).hasSize(2);
            while (!cli.problems().isEmpty()) {
                assertThat(engine.isRunning()).isTrue();
                Cli.pause();
            }
        }
    }
}
