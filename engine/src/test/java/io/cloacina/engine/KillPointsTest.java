package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;

/**
 * A process is killed at each point of a task's life while another one lives: that one goes on, at once, and what was
 * committed is not done again.
 */
@Timeout(120)
class KillPointsTest {
    /** Above what it takes to notice (a look each quarter of a second) on a busy machine, and far below the lease. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** Where the child stops for ever. */
    enum Point {
        AFTER_CLAIM,
        IN_BODY,
        BEFORE_COMMIT,
        AFTER_COMMIT,
        IN_TRANSACTION,
        AFTER_TRANSACTION
    }

    private static WorkflowDefinition workflow(boolean isTransactional, Runnable atEnd) {
        return WorkflowDefinition.named("pay")
                .version("1")
                .task(
                        "pay",
                        context -> {
                            context.put("paid", context.attempt());
                            if (isTransactional) {
                                pay(context.connection(), context.attempt());
                            }
                            atEnd.run();
                        },
                        task -> {
                            if (isTransactional) {
                                task.transactional();
                            }
                        })
                .task(
                        "tell",
                        context -> context.put("told", context.get("paid", Integer.class)),
                        task -> task.after("pay"))
                .build();
    }

    private static void pay(Connection connection, int attempt) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO payments (attempt) VALUES (?)")) {
            insert.setInt(1, attempt);
            insert.executeUpdate();
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static void hang() {
        try {
            NEVER.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The child: submits one execution and stops at the point. */
    static final class Victim {
        public static void main(String[] arguments) {
            String url = arguments[0];
            Point point = Point.valueOf(arguments[1]);
            switch (point) {
                case AFTER_CLAIM -> claimAndRunNothing(url);
                case IN_BODY -> submit(url, workflow(false, Victim::stop), event -> {});
                case IN_TRANSACTION -> submit(url, workflow(true, Victim::stop), event -> {});
                case BEFORE_COMMIT -> endWhileTheLaneIsHeld(url);
                case AFTER_COMMIT -> submit(url, workflow(false, () -> {}), Victim::stopWhenPaid);
                case AFTER_TRANSACTION -> submit(url, workflow(true, () -> {}), Victim::stopWhenPaid);
            }
            hang();
        }

        private static void submit(String url, WorkflowDefinition workflow, EngineListener listener) {
            Engine engine = Engine.builder(url)
                    .workflow(workflow)
                    .listener(listener)
                    .slots(1)
                    .start();
            say("id " + engine.submit("pay", Map.of()));
        }

        /** By hand a body runs when it is asked for: until then the task is claimed and not begun. */
        private static void claimAndRunNothing(String url) {
            EngineRuntime runtime = runtime(url, workflow(false, () -> {}), true);
            runtime.lanes().claim(true);
            say("id " + new Engine(runtime).submit("pay", Map.of()));
            say("there");
        }

        /** The end of the attempt waits in the lane behind a write that never ends. */
        private static void endWhileTheLaneIsHeld(String url) {
            CountDownLatch held = new CountDownLatch(1);
            WorkflowDefinition workflow = workflow(false, () -> {
                EngineParts.await(held);
                say("there");
            });
            EngineRuntime runtime = runtime(url, workflow, false);
            UUID id = new Engine(runtime).submit("pay", Map.of());
            say("id " + id);
            new Thread(() -> runtime.lanes().call(UniversalUuid.of(id), work -> {
                        held.countDown();
                        hang();
                        return id;
                    }))
                    .start();
        }

        private static EngineRuntime runtime(String url, WorkflowDefinition workflow, boolean byHand) {
            return EngineParts.on(url, byHand, workflow);
        }

        private static void stop() {
            say("there");
            hang();
        }

        private static void stopWhenPaid(EngineEvent event) {
            if (event instanceof EngineEvent.TaskCompleted completed
                    && completed.taskName().equals("tell")) {
                say("there");
                hang();
            }
        }
    }

    private static void killAt(TestDatabase test, Point point, int attempts) {
        boolean isTransactional = point == Point.IN_TRANSACTION || point == Point.AFTER_TRANSACTION;
        test.migrated();
        EngineParts.execute(test, "CREATE TABLE payments (attempt INTEGER NOT NULL)");
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch killed = new CountDownLatch(1);
        WorkflowDefinition other = WorkflowDefinition.named("other")
                .task("keeps-its-slot", context -> {
                    busy.countDown();
                    EngineParts.await(killed);
                })
                .build();
        try (Engine survivor = Engine.builder(test.url())
                .workflow(workflow(isTransactional, () -> {}))
                .workflow(other)
                .slots(1)
                .pollInterval(Duration.ofHours(1))
                .start()) {
            // It has no room for what the victim shall have.
            survivor.submit("other", Map.of());
            EngineParts.await(busy);
            UUID id;
            try (Child victim = Child.start(Victim.class, test.url(), point.name())) {
                id = UUID.fromString(victim.said("id "));
                victim.said("there");
            }
            killed.countDown();

            assertThat(survivor.await(id, SOON))
                    .as("noticed at once")
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(survivor.context(id).get("told", Integer.class)).isEqualTo(attempts);
            TaskExecution pay = survivor.tasks(id).get(0);
            assertThat(pay.status()).isEqualTo(TaskStatus.COMPLETED);
            assertThat(pay.attempt()).isEqualTo(attempts);
            assertThat(pay.recoveries()).isEqualTo(attempts - 1);
            assertThat(survivor.recoveries(id)).hasSize(attempts - 1);
            assertThat(EngineParts.count(test, "SELECT count(*) FROM task_execution_metadata"))
                    .as("one output for each task")
                    .isEqualTo(2);
            assertThat(EngineParts.count(test, "SELECT count(*) FROM payments")).isEqualTo(isTransactional ? 1 : 0);
            if (isTransactional) {
                assertThat(EngineParts.count(test, "SELECT attempt FROM payments"))
                        .isEqualTo(attempts);
            }
            EngineParts.within(
                    SOON,
                    "the dead runner is removed",
                    () -> EngineParts.count(test, "SELECT count(*) FROM runners") == 1);
        }
    }

    @DatabaseTest
    void after_the_claim(TestDatabase test) {
        killAt(test, Point.AFTER_CLAIM, 2);
    }

    @DatabaseTest
    void in_the_body(TestDatabase test) {
        killAt(test, Point.IN_BODY, 2);
    }

    @DatabaseTest
    void before_the_commit(TestDatabase test) {
        killAt(test, Point.BEFORE_COMMIT, 2);
    }

    @DatabaseTest
    void after_the_commit(TestDatabase test) {
        killAt(test, Point.AFTER_COMMIT, 1);
    }

    @DatabaseTest
    void in_the_body_of_a_transactional_task(TestDatabase test) {
        killAt(test, Point.IN_TRANSACTION, 2);
    }

    @DatabaseTest
    void after_the_commit_of_a_transactional_task(TestDatabase test) {
        killAt(test, Point.AFTER_TRANSACTION, 1);
    }
}
