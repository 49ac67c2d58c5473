package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.LeaseSweeper;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class KillTest {
    private static final Statements STATEMENTS = new Statements("kill-test");

    record Event(RecoveryType type, String task, String details) {}

    private static final Select<NoArgument, Event> EVENTS = STATEMENTS.select("events", q -> {
        var r = q.from(RecoveryEvents::new);
        var t = q.join(r.task);
        q.orderBy(r.id.asc());
        return row -> new Event(row.get(r.recoveryType), row.get(t.taskName), String.valueOf(row.orNull(r.details)));
    });

    private static final Select<NoArgument, Long> RUNNERS = STATEMENTS.select("runners", q -> {
        q.from(Runners::new);
        var count = q.count();
        return row -> row.get(count);
    });

    /** Runs in a process of its own until it is killed: says which execution, then hangs in its second task. */
    static final class Victim {
        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            WorkflowDefinition workflow = workflow(() -> {}, () -> {
                System.out.println("in the second task");
                never.await();
            });
            try (Engine engine = Engine.builder(arguments[0]).workflow(workflow).start()) {
                System.out.println(engine.submit("two-steps", Map.of()));
                never.await();
            }
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static WorkflowDefinition workflow(Step first, Step second) {
        return WorkflowDefinition.named("two-steps")
                .task("first", context -> {
                    first.run();
                    context.put("first", "done by attempt " + context.attempt());
                })
                .task("second", context -> second.run(), task -> task.after("first"))
                .build();
    }

    @DatabaseTest
    void after_kill_minus_9_the_next_process_goes_on_where_the_dead_one_was(TestDatabase test) throws Exception {
        test.migrated();
        UUID id = killedInTheSecondTask(test.url());

        AtomicInteger firstRuns = new AtomicInteger();
        AtomicInteger secondRuns = new AtomicInteger();
        WorkflowDefinition workflow = workflow(firstRuns::incrementAndGet, secondRuns::incrementAndGet);
        long begun = System.nanoTime();
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

            // Far below the lease: the dead process was recognised, not waited for.
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Lease.DEFAULT_DURATION);
            assertThat(firstRuns).hasValue(0);
            assertThat(secondRuns).hasValue(1);
            assertThat(engine.context(id).get("first", String.class)).isEqualTo("done by attempt 1");
            assertThat(engine.tasks(id)).allMatch(task -> task.status() == TaskStatus.COMPLETED);
            assertThat(engine.tasks(id)).extracting(TaskExecution::attempt).containsExactly(1, 2);
        }
        Database database = test.open(STATEMENTS);
        assertThat(database.list(EVENTS)).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(RecoveryType.TASK_RESET);
            assertThat(event.task()).isEqualTo("second");
            assertThat(event.details()).contains("\"attempt\":1");
        });
        assertThat(database.list(RUNNERS)).containsExactly(0L);
    }

    @DatabaseTest
    void a_task_whose_runner_dies_again_and_again_is_given_up(TestDatabase test) throws Exception {
        test.migrated();
        UUID id = killedInTheSecondTask(test.url());
        for (int death = 1; death <= LeaseSweeper.MAX_RECOVERIES; death++) {
            killedInTheSecondTask(test.url());
        }
        WorkflowDefinition workflow = workflow(() -> {}, () -> {});
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(1).error()).isEqualTo("abandoned: its runner died 4 times while it ran");
        }
        Database database = test.open(STATEMENTS);
        assertThat(database.list(EVENTS).stream().filter(event -> event.type() == RecoveryType.TASK_ABANDONED))
                .hasSize(1);
    }

    @DatabaseTest
    void the_tasks_of_a_living_process_are_left_alone(TestDatabase test) throws Exception {
        test.migrated();
        Process victim = start(test.url());
        try {
            UUID id = readUntilHanging(victim);
            AtomicInteger runs = new AtomicInteger();
            WorkflowDefinition workflow = workflow(runs::incrementAndGet, runs::incrementAndGet);
            try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
                UUID own = engine.submit("two-steps", Map.of());
                engine.await(own);
                assertThat(engine.tasks(id))
                        .extracting(TaskExecution::status)
                        .containsExactly(TaskStatus.COMPLETED, TaskStatus.RUNNING);
                assertThat(runs).hasValue(2);
            }
        } finally {
            victim.destroyForcibly().waitFor();
        }
    }

    private static UUID killedInTheSecondTask(String url) throws IOException, InterruptedException {
        Process victim = start(url);
        try {
            return readUntilHanging(victim);
        } finally {
            victim.destroyForcibly().waitFor();
        }
    }

    private static Process start(String url) throws IOException {
        return new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        url)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static UUID readUntilHanging(Process victim) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8));
        UUID id = null;
        boolean hanging = false;
        while (id == null || !hanging) {
            String line = output.readLine();
            if (line == null) {
                throw new IllegalStateException("the process ended before its second task");
            }
            if (line.startsWith("in the second")) {
                hanging = true;
            } else if (line.length() == 36) {
                id = UUID.fromString(line);
            }
        }
        return id;
    }
}
