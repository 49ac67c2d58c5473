package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines and cancellations with compensation beside what others do at the same time. */
@Timeout(240)
class EarlyEndRacesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    /** Pays at the second attempt, waits, and gives the money back if that is stopped. */
    private static WorkflowDefinition.Builder order(String name) {
        return WorkflowDefinition.named(name)
                .version("1")
                .task(
                        "pay",
                        context -> {
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("at first");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ZERO)))
                .task("wait", context -> {}, task -> task.after("pay").signal("never"))
                .task(
                        "refund",
                        context -> {},
                        task -> task.after("wait").when(TriggerRule.all(TriggerCondition.taskFailed("wait"))));
    }

    @DatabaseTest
    void a_deadline_that_cannot_pass_here_holds_up_no_other(TestDatabase test) {
        try (Engine engine = Engine.builder(test.url())
                .workflow(order("fine").build())
                .pollInterval(HOUR)
                .start()) {
            UUID unknown;
            try (Engine other = Engine.builder(test.url())
                    .workflow(order("unknown").build())
                    .start()) {
                unknown = other.submit(Submission.of("unknown").delay(HOUR));
            }
            EngineParts.execute(test, "DELETE FROM workflow_definitions WHERE workflow_name = 'unknown'");
            UUID later = engine.submit(Submission.of("fine").deadline(Duration.ofMillis(700)));
            EngineParts.execute(
                    test, "UPDATE pipeline_executions SET deadline_at = created_at WHERE pipeline_name = 'unknown'");
            UUID first = engine.submit(Submission.of("fine").deadline(Duration.ofMillis(100)));

            for (UUID id : List.of(first, later)) {
                assertThat(engine.await(id, EngineParts.LONG)).isPresent();
            }
            assertThat(engine.find(unknown).orElseThrow().stoppedAt()).isNull();
        }
    }

    /** On PostgreSQL another transaction has the rows of that execution, on SQLite the whole database. */
    @DatabaseTest
    void a_deadline_that_strikes_while_another_transaction_has_the_tasks_passes_after_it(TestDatabase test)
            throws SQLException {
        AheadClock clock = new AheadClock();
        try (Engine engine = Engine.builder(test.url())
                        .workflow(order("order").build())
                        .clock(clock)
                        .pollInterval(Duration.ofMillis(50))
                        .start();
                Connection other = test.jdbc();
                Statement statement = other.createStatement()) {
            UUID locked = engine.submit(Submission.of("order").deadline(HOUR));
            UUID free = engine.submit(Submission.of("order").deadline(HOUR.multipliedBy(2)));
            String waiting = "SELECT count(*) FROM task_executions WHERE status = 'Waiting'";
            EngineParts.until("both wait", () -> EngineParts.count(test, waiting) == 2);
            other.setAutoCommit(false);
            int tasks =
                    statement.executeUpdate("UPDATE task_executions SET paused = paused WHERE pipeline_execution_id = "
                            + EngineParts.literal(test, UniversalUuid.of(locked)));
            assertThat(tasks).isEqualTo(3);

            clock.ahead = HOUR.multipliedBy(3);
            if (test.backend() == Backend.POSTGRES) {
                assertThat(engine.await(free, EngineParts.LONG))
                        .as("it is tried after the one that is locked, and not held up by that")
                        .isPresent();
            }
            assertThat(engine.await(locked, Duration.ofMillis(500))).isEmpty();
            assertThat(engine.find(locked).orElseThrow().stoppedAt()).isNull();
            other.commit();

            for (UUID id : List.of(locked, free)) {
                assertThat(engine.await(id, EngineParts.LONG)).isPresent();
                assertThat(engine.find(id).orElseThrow().stoppedAt()).isNotNull();
                assertThat(engine.tasks(id))
                        .extracting(TaskExecution::status)
                        .containsExactly(TaskStatus.COMPLETED, TaskStatus.FAILED, TaskStatus.COMPLETED);
            }
        }
    }

    /** What another transaction commits counts: the task that it has ended is not stopped, and nothing is undone. */
    @DatabaseTest
    void a_deadline_that_strikes_while_the_last_task_is_being_committed_finds_it_completed(TestDatabase test)
            throws SQLException {
        AheadClock clock = new AheadClock();
        try (Engine engine = Engine.builder(test.url())
                        .workflow(order("order").build())
                        .clock(clock)
                        .pollInterval(Duration.ofMillis(50))
                        .start();
                Connection other = test.jdbc();
                Statement statement = other.createStatement()) {
            UUID id = engine.submit(Submission.of("order").deadline(HOUR));
            String waiting = "SELECT count(*) FROM task_executions WHERE status = 'Waiting'";
            EngineParts.until("it waits", () -> EngineParts.count(test, waiting) == 1);
            other.setAutoCommit(false);
            statement.executeUpdate("UPDATE task_executions SET status = 'Completed' WHERE task_name = 'wait'");
            statement.executeUpdate("UPDATE task_executions SET status = 'Skipped' WHERE task_name = 'refund'");
            statement.executeUpdate("UPDATE pipeline_executions SET status = 'Completed'");
            clock.ahead = HOUR.multipliedBy(2);
            assertThat(engine.await(id, Duration.ofMillis(500))).isEmpty();
            other.commit();

            assertThat(engine.await(id, EngineParts.LONG).orElseThrow().status())
                    .isEqualTo(ExecutionStatus.COMPLETED);
            clock.ahead = HOUR.multipliedBy(3);
            UUID next = engine.submit(Submission.of("order").deadline(Duration.ofMillis(1)));
            assertThat(engine.await(next, EngineParts.LONG))
                    .as("deadlines are still passed")
                    .isPresent();
            assertThat(engine.find(id).orElseThrow().stoppedAt()).isNull();
            assertThat(engine.tasks(id))
                    .extracting(TaskExecution::status)
                    .containsExactly(TaskStatus.COMPLETED, TaskStatus.COMPLETED, TaskStatus.SKIPPED);
        }
    }

    /** The time of the machine, or later. */
    private static final class AheadClock extends Clock {
        private volatile Duration ahead = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    @Test
    void who_resumes_an_execution_that_is_being_cancelled_keeps_nothing_of_it_running() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            EngineRuntime runtime = EngineParts.manual(test, order("order").build());
            try (Engine engine = new Engine(runtime);
                    Connection other = test.jdbc();
                    Statement resumes = other.createStatement()) {
                UUID id = engine.submit("order", Map.of());
                engine.pause(id, null);
                other.setAutoCommit(false);
                resumes.executeUpdate("UPDATE task_executions SET paused = false");
                resumes.executeUpdate("UPDATE pipeline_executions SET status = 'Pending', paused_at = NULL");
                CompletableFuture<Void> cancelled =
                        CompletableFuture.runAsync(() -> runtime.lanes().call(UniversalUuid.of(id), work -> {
                            work.transaction().waitForLocksAtMost(EngineParts.LONG);
                            runtime.steps().earlyEnd().cancel(work, UniversalUuid.of(id));
                            return id;
                        }));
                EngineParts.until(
                        "it waits",
                        () -> EngineParts.count(test, "SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
                other.commit();
                cancelled.join();

                assertThat(engine.tasks(id).get(0).status()).isEqualTo(TaskStatus.FAILED);
                assertThat(engine.find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.CANCELLED);
            }
        }
    }
}
