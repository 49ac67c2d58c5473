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
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

    /**
     * Runs in a process of its own until it is killed: on each database says which execution, then hangs in its second task. The
     * kill of one process is that of its runners on both databases.
     */
    static final class Victim {
        public static void main(String[] urls) throws InterruptedException {
            CountDownLatch never = new CountDownLatch(1);
            for (int i = 0; i < urls.length; i++) {
                int number = i;
                WorkflowDefinition workflow = workflow(() -> {}, () -> {
                    say(number + " in the second task");
                    never.await();
                });
                Engine engine = Engine.builder(urls[i]).workflow(workflow).start();
                say(number + " id " + engine.submit("two-steps", Map.of()));
            }
            never.await();
        }

        private static void say(String line) {
            System.out.println(line);
            System.out.flush();
        }
    }

    private final List<TestDatabase> both =
            Stream.of(Backend.values()).map(TestDatabase::create).toList();

    @BeforeEach
    void migrate() {
        both.forEach(TestDatabase::migrated);
    }

    @AfterEach
    void remove() {
        both.forEach(TestDatabase::close);
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

    @Test
    void a_living_process_keeps_its_tasks_and_after_kill_minus_9_the_next_one_goes_on_where_it_was() {
        List<UUID> ids;
        try (Child victim = start()) {
            ids = idsOfHanging(victim);
            for (int i = 0; i < both.size(); i++) {
                assertLeftAlone(both.get(i), ids.get(i));
            }
        }
        for (int i = 0; i < both.size(); i++) {
            assertGoesOn(both.get(i), ids.get(i));
        }
    }

    private static void assertLeftAlone(TestDatabase test, UUID id) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = workflow(runs::incrementAndGet, runs::incrementAndGet);
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            UUID own = engine.submit("two-steps", Map.of());
            engine.await(own);
            assertThat(engine.tasks(id))
                    .as(test.url())
                    .extracting(TaskExecution::status)
                    .containsExactly(TaskStatus.COMPLETED, TaskStatus.RUNNING);
            assertThat(runs).hasValue(2);
        }
    }

    private static void assertGoesOn(TestDatabase test, UUID id) {
        AtomicInteger firstRuns = new AtomicInteger();
        AtomicInteger secondRuns = new AtomicInteger();
        WorkflowDefinition workflow = workflow(firstRuns::incrementAndGet, secondRuns::incrementAndGet);
        long begun = System.nanoTime();
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

            // Far below the lease: the dead process was recognised, not waited for.
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as(test.url())
                    .isLessThan(Lease.DEFAULT_DURATION);
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

    @Test
    void a_task_whose_runner_dies_again_and_again_is_given_up() {
        List<UUID> ids;
        try (Child victim = start()) {
            ids = idsOfHanging(victim);
        }
        for (int death = 1; death <= LeaseSweeper.MAX_RECOVERIES; death++) {
            try (Child victim = start()) {
                idsOfHanging(victim);
            }
        }
        for (int i = 0; i < both.size(); i++) {
            assertGivenUp(both.get(i), ids.get(i));
        }
    }

    private static void assertGivenUp(TestDatabase test, UUID id) {
        WorkflowDefinition workflow = workflow(() -> {}, () -> {});
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            assertThat(engine.await(id).status()).as(test.url()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(engine.tasks(id).get(1).error()).isEqualTo("abandoned: its runner died 4 times while it ran");
        }
        Database database = test.open(STATEMENTS);
        assertThat(database.list(EVENTS).stream().filter(event -> event.type() == RecoveryType.TASK_ABANDONED))
                .hasSize(1);
    }

    private Child start() {
        return Child.start(Victim.class, both.stream().map(TestDatabase::url).toArray(String[]::new));
    }

    /** Waits until it hangs in the second task on each database; what it submitted there. */
    private List<UUID> idsOfHanging(Child victim) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < both.size(); i++) {
            ids.add(UUID.fromString(victim.said(i + " id ")));
            victim.said(i + " in the second task");
        }
        return ids;
    }
}
