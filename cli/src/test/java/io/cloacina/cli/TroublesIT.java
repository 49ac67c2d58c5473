package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.Limit;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The troubles of docs/how-to/at-3-am.md: what the commands say, and that what they advise helps. */
@Timeout(180)
class TroublesIT {
    @TempDir
    private Path home;

    private static void nothing(TaskContext context) {}

    private static WorkflowDefinition.Builder order(String version) {
        return WorkflowDefinition.named("order").version(version);
    }

    private static WorkflowDefinition asking() {
        return order("1")
                .task("ask", TroublesIT::nothing, task -> task.signal("answer"))
                .task("ship", TroublesIT::nothing, task -> task.after("ask"))
                .build();
    }

    private static EngineBuilder runner(TestDatabase database) {
        // Tests that run beside others must not lose a lease by that.
        return Engine.builder(database.url()).lease(Duration.ofHours(1)).pollInterval(Duration.ofMillis(100));
    }

    private static Engine client(TestDatabase database) {
        return Engine.builder(database.url()).client().start();
    }

    private static void execute(TestDatabase database, String sql) {
        try (Connection connection = database.jdbc();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** An instant that many minutes ago, as that database stores it. */
    private static String ago(TestDatabase database, int minutes) {
        return database.backend() == Backend.SQLITE
                ? "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-" + minutes + " minutes')"
                : "clock_timestamp() AT TIME ZONE 'UTC' - INTERVAL '" + minutes + " minutes'";
    }

    private static void requireHealthy(Cli cli) {
        CloacinaProcess.Finished finished = cli.run("status");
        assertThat(finished.exitCode()).as(finished.outText()).isZero();
        assertThat(finished.out().get(0)).startsWith("No problems at ");
    }

    private static void awaitTask(Engine engine, UUID id, String task, String state) {
        while (engine.tasks(id).stream()
                .noneMatch(each ->
                        each.name().equals(task) && each.status().label().equals(state))) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    @DatabaseTest
    void no_runner(TestDatabase database) {
        Cli cli = new Cli(home, database);
        runner(database).workflow(asking()).start().close();
        UUID id;
        try (Engine client = client(database)) {
            id = client.submit("order", Map.of());
        }

        CloacinaProcess.Finished status = cli.run("status");
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.outText()).contains("NO_RUNNER: no runner is alive", "1 of order@1", "→ start a program");
        assertThat(cli.why(id)).contains("ask: is ready, and no runner is alive: start one that has order@1");
        assertThat(cli.run("executions signal " + id + " answer").err())
                .anyMatch(line -> line.startsWith("no runner is alive"));

        try (Engine advised = runner(database).workflow(asking()).start()) {
            advised.await(id);
            requireHealthy(cli);
        }
    }

    @DatabaseTest
    void a_version_that_nobody_has(TestDatabase database) {
        Cli cli = new Cli(home, database);
        UUID id;
        try (Engine first = runner(database).workflow(asking()).start()) {
            id = first.submit("order", Map.of());
            awaitTask(first, id, "ask", "Waiting");
        }
        WorkflowDefinition other = order("2").task("pack", TroublesIT::nothing).build();
        try (Engine second = runner(database).workflow(other).start()) {
            second.signal(id, "answer", null);

            assertThat(cli.problems()).containsExactly("STRANDED");
            assertThat(cli.run("status").outText())
                    .contains("1 unfinished executions have order@1", "task 'ask' was removed");
            assertThat(cli.why(id)).contains("no live runner has order@1; live runners have order@2");
            assertThat(cli.run("workflows diff order 1 2").outText()).contains("task 'ask' was removed");

            try (Engine advised = runner(database).workflow(asking()).start()) {
                advised.await(id);
                requireHealthy(cli);
            }
        }
    }

    @DatabaseTest
    void a_limit_that_is_full(TestDatabase database) {
        Cli cli = new Cli(home, database);
        WorkflowDefinition limited = order("1")
                .limit(Limit.atMost(1).per("customer"))
                .task("begin", TroublesIT::nothing)
                .task("ask", TroublesIT::nothing, task -> task.after("begin").signal("answer"))
                .build();
        try (Engine engine = runner(database).workflow(limited).start()) {
            UUID first = engine.submit("order", Map.of("customer", "ada"));
            awaitTask(engine, first, "ask", "Waiting");
            UUID second = engine.submit("order", Map.of("customer", "ada"));
            awaitTask(engine, second, "begin", "Ready");
            execute(
                    database,
                    "UPDATE task_executions SET updated_at = " + ago(database, 10) + " WHERE status = 'Ready'");

            assertThat(cli.problems()).containsExactly("LIMIT_FULL");
            assertThat(cli.run("status").outText()).contains("is full for \"ada\"", "cloacina executions why " + first);
            assertThat(cli.why(second)).contains("is full for \"ada\": it is held by " + first);
            assertThat(cli.why(first)).contains("ask: waits for signal 'answer' since ");

            cli.lines("executions cancel " + first);
            awaitTask(engine, second, "ask", "Waiting");
            requireHealthy(cli);
        }
    }

    @DatabaseTest
    void a_signal_that_never_comes(TestDatabase database) {
        Cli cli = new Cli(home, database);
        try (Engine engine = runner(database).workflow(asking()).start()) {
            UUID id = engine.submit("order", Map.of());
            awaitTask(engine, id, "ask", "Waiting");

            assertThat(cli.lines("status")).anyMatch(line -> line.startsWith("  waiting  signal 1, "));
            assertThat(cli.lines("executions why " + id))
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("ask: waits for signal 'answer' since "),
                            line -> assertThat(line).isEqualTo("ship: waits for task 'ask', which is waiting"));
            assertThat(cli.lines("executions show " + id))
                    .anyMatch(line -> line.startsWith("  why        ask: waits for signal 'answer'"));

            cli.lines("executions signal " + id + " answer");
            engine.await(id);
            assertThat(cli.run("executions why " + id).err())
                    .containsExactly("execution " + id + " has ended: completed");
        }
    }

    @DatabaseTest
    void an_input_that_fails_each_time(TestDatabase database) {
        Cli cli = new Cli(home, database);
        WorkflowDefinition failing = order("1")
                .task(
                        "read",
                        context -> {
                            if (context.get("order", Integer.class) < 0) {
                                throw new IllegalArgumentException("order is negative");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .build();
        try (Engine engine = runner(database).workflow(failing).start()) {
            UUID last = null;
            for (int i = 0; i < 3; i++) {
                last = engine.submit("order", Map.of("order", -1));
                engine.await(last);
            }

            assertThat(cli.problems()).containsExactly("FAILING");
            assertThat(cli.run("status").outText())
                    .contains("of workflow 'order' 3 executions failed within an hour, and 0 completed");
            assertThat(cli.lines("executions list --status failed --workflow order"))
                    .hasSize(4);
            assertThat(String.join("\n", cli.lines("executions show " + last))).contains("order is negative");

            String fresh = cli.lines("executions restart " + last, "--input", "{\"order\": 1}")
                    .get(0);
            assertThat(engine.await(UUID.fromString(fresh)).status().label()).isEqualTo("Completed");
        }
    }

    @DatabaseTest
    void a_bank_that_is_away(TestDatabase database) {
        Cli cli = new Cli(home, database);
        AtomicBoolean isAway = new AtomicBoolean(true);
        WorkflowDefinition paying = order("1")
                .task(
                        "pay",
                        context -> {
                            if (isAway.get()) {
                                throw new IllegalStateException(
                                        "the bank is away, says request " + context.executionId());
                            }
                        },
                        task -> task.retry(RetryPolicy.NONE))
                .build();
        try (Engine engine = runner(database).workflow(paying).start()) {
            List<UUID> ids =
                    engine.submitAll(List.of(Submission.of("order"), Submission.of("order"), Submission.of("order")));
            ids.forEach(engine::await);

            assertThat(cli.problems()).containsExactly("FAILING");
            JsonNode groups = cli.json("executions failures --since 1h");
            assertThat(groups)
                    .as("one cause is one line, whichever ids its errors have")
                    .hasSize(1);
            assertThat(groups.get(0).path("executions").asInt()).isEqualTo(3);
            assertThat(cli.lines("executions failures --since 1h"))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("pay", "the bank is away");

            isAway.set(false);
            CloacinaProcess.Finished counted =
                    cli.run("executions retry --status failed --since 1h --error", "bank is away");
            assertThat(counted.out().get(0)).startsWith("retry: 3 executions");
            assertThat(counted.err()).containsExactly("nothing was changed: add --yes to apply it");
            CloacinaProcess.Finished retried =
                    cli.run("executions retry --status failed --since 1h --yes --wait --error", "bank is away");
            assertThat(retried.exitCode()).as(retried.outText()).isZero();
            ids.forEach(id -> assertThat(engine.await(id).status().label()).isEqualTo("Completed"));
            requireHealthy(cli);
        }
    }

    @DatabaseTest
    void a_clock_that_is_wrong(TestDatabase database) {
        Cli cli = new Cli(home, database);
        WorkflowDefinition plain = order("1").task("work", TroublesIT::nothing).build();
        UUID id;
        try (Engine late = runner(database)
                .clock(Clock.offset(Clock.systemUTC(), Duration.ofHours(-3)))
                .workflow(plain)
                .start()) {
            id = late.submit(Submission.of("order").delay(Duration.ofHours(2)));

            assertThat(cli.problems()).containsExactly("DUE_LATE");
            assertThat(cli.run("status").outText()).contains("compare the clocks of the machines");
            assertThat(cli.why(id)).startsWith("work: ");
        }
        try (Engine advised = runner(database).workflow(plain).start()) {
            advised.await(id);
            requireHealthy(cli);
        }
    }

    /** Its task tells that it runs, and ends when it is told to. */
    private static WorkflowDefinition slow(CountDownLatch running, CountDownLatch end) {
        return order("1")
                .task("work", context -> {
                    running.countDown();
                    end.await();
                })
                .build();
    }

    @DatabaseTest
    void a_runner_whose_lease_is_over(TestDatabase database) throws InterruptedException {
        Cli cli = new Cli(home, database);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        WorkflowDefinition slow = slow(running, end);
        try (Engine engine = runner(database).workflow(slow).start()) {
            UUID id = engine.submit("order", Map.of());
            running.await();
            assertThat(cli.why(id))
                    .contains(
                            "work: runs on host ",
                            "process " + ProcessHandle.current().pid());
            execute(database, "UPDATE runners SET lease_expires_at = heartbeat_at");

            assertThat(cli.problems()).contains("RUNNER_SILENT");
            assertThat(cli.run("status").outText()).contains("has not renewed its lease for ", "→ start a runner");
            assertThat(cli.why(id)).contains("work: ran on host ", "no runner is alive that could take the task");
            end.countDown();
            engine.await(id);
        }
    }

    @DatabaseTest
    void a_child_that_failed(TestDatabase database) {
        Cli cli = new Cli(home, database);
        WorkflowDefinition child = WorkflowDefinition.named("payment")
                .version("1")
                .task("ask", TroublesIT::nothing, task -> task.signal("paid"))
                .task(
                        "book",
                        context -> {
                            throw new IllegalStateException("the account is closed");
                        },
                        task -> task.after("ask"))
                .build();
        WorkflowDefinition parent = order("1")
                .task("pay", context -> context.output(Map.of()), task -> task.child("payment"))
                .build();
        try (Engine engine = runner(database).workflow(child).workflow(parent).start()) {
            UUID id = engine.submit("order", Map.of());
            awaitTask(engine, id, "pay", "Waiting");

            String childId = cli.json("executions why " + id)
                    .get(0)
                    .path("data")
                    .path("child")
                    .asText();
            assertThat(cli.why(id)).startsWith("pay: waits for its child " + childId + " of workflow 'payment'");
            assertThat(cli.why(UUID.fromString(childId))).contains("ask: waits for signal 'paid'");

            cli.lines("executions signal " + childId + " paid");
            engine.await(id);
            assertThat(String.join("\n", cli.lines("executions show " + id))).contains("the account is closed");
        }
    }

    @DatabaseTest
    void a_schedule_that_is_late(TestDatabase database) {
        Cli cli = new Cli(home, database);
        WorkflowDefinition nightly =
                order("1").task("work", TroublesIT::nothing).build();
        runner(database).workflow(nightly).start().close();
        assertThat(cli.run("schedules put nightly --workflow order --cron", "0 2 * * *")
                        .exitCode())
                .as("a workflow that is stored can be scheduled though no runner is there")
                .isZero();
        execute(database, "UPDATE cron_schedules SET next_run_at = " + ago(database, 30));

        assertThat(cli.problems()).containsExactly("SCHEDULE_LATE");
        assertThat(cli.run("status").outText())
                .contains("schedule 'nightly' should have fired at ", "start a runner that has workflow 'order'");

        try (Engine advised = runner(database).workflow(nightly).start()) {
            while (advised.schedules().history("nightly", 1).isEmpty()) {
                LockSupport.parkNanos(5_000_000);
            }
            requireHealthy(cli);
        }
    }

    @DatabaseTest
    void what_is_due_and_nobody_wakes(TestDatabase database) {
        Cli cli = new Cli(home, database);
        WorkflowDefinition plain = order("1").task("work", TroublesIT::nothing).build();
        UUID id;
        try (Engine engine = runner(database).workflow(plain).start()) {
            id = engine.submit(Submission.of("order").delay(Duration.ofHours(1)));
            assertThat(cli.why(id)).startsWith("work: its execution starts at ");
        }
        execute(database, "UPDATE task_executions SET due_at = " + ago(database, 5));

        assertThat(cli.problems()).containsExactly("NO_RUNNER", "DUE_LATE");

        try (Engine advised = runner(database).workflow(plain).start()) {
            advised.await(id);
            requireHealthy(cli);
        }
    }

    @DatabaseTest
    void all_slots_are_taken(TestDatabase database) throws InterruptedException {
        Cli cli = new Cli(home, database);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        WorkflowDefinition slow = slow(running, end);
        try (Engine engine = runner(database).slots(1).workflow(slow).start()) {
            engine.submit("order", Map.of());
            running.await();
            UUID second = engine.submit("order", Map.of());
            awaitTask(engine, second, "work", "Ready");
            execute(
                    database,
                    "UPDATE task_executions SET updated_at = " + ago(database, 10) + " WHERE status = 'Ready'");

            assertThat(cli.problems()).containsExactly("READY_LATE");
            assertThat(cli.why(second)).contains(": all 1 slots of the runner that has it are taken");

            end.countDown();
            try (Engine advised = runner(database).workflow(slow).start()) {
                advised.await(second);
            }
            requireHealthy(cli);
        }
    }

    @DatabaseTest
    void a_pause_that_was_forgotten(TestDatabase database) {
        Cli cli = new Cli(home, database);
        try (Engine engine = runner(database)
                .workflow(order("1").task("work", TroublesIT::nothing).build())
                .start()) {
            UUID id = engine.submit(Submission.of("order").delay(Duration.ofDays(1)));
            cli.lines("executions pause " + id, "--reason", "month end");

            assertThat(cli.lines("status")).contains("  paused   1");
            assertThat(cli.why(id))
                    .startsWith("work: its execution is paused since ")
                    .endsWith(": month end");

            cli.lines("executions resume " + id);
            assertThat(cli.why(id)).startsWith("work: its execution starts at ");
        }
    }

    @DatabaseTest
    void the_database_as_json_for_monitoring(TestDatabase database) {
        Cli cli = new Cli(home, database);
        database.migrated().close();

        JsonNode status = cli.json("status");
        assertThat(status.path("healthy").asBoolean()).isTrue();
        assertThat(status.path("database").path("bytes").asLong()).isPositive();
        assertThat(status.path("ready").toString()).isEqualTo("{\"count\":0,\"more\":false}");
        cli.refused(2, "--watch cannot be combined with --json", "status --watch --json");
    }

    @DatabaseTest
    void a_status_that_is_watched_is_shown_again_with_what_changed(TestDatabase database)
            throws IOException, InterruptedException {
        runner(database).workflow(asking()).start().close();
        try (PipedInputStream shown = new PipedInputStream();
                PrintStream out = new PrintStream(new PipedOutputStream(shown), true, StandardCharsets.UTF_8);
                BufferedReader lines = new BufferedReader(new InputStreamReader(shown, StandardCharsets.UTF_8))) {
            Thread watching =
                    new Thread(() -> Main.execute(out, System.err, "status", "--watch", "--database", database.url()));
            watching.start();
            assertThat(lines.readLine()).startsWith("No problems at ");
            try (Engine client = client(database)) {
                client.submit("order", Map.of());
            }

            String head = lines.readLine();
            while (!head.startsWith("1 problem at ")) {
                head = lines.readLine();
            }
            assertThat(lines.readLine()).startsWith("  ✗ NO_RUNNER: no runner is alive");

            watching.interrupt();
            while (watching.isAlive()) {
                // What it still writes is read, so that it does not wait for a reader.
                if (lines.ready()) {
                    lines.readLine();
                }
            }
            watching.join();
        }
    }
}
