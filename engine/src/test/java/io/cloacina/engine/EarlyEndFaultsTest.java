package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deadlines, cancellations with compensation, successors and attempts, beside others and when commits are lost. */
@Timeout(240)
class EarlyEndFaultsTest {
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

    /** Counts to three, an execution for each. */
    private static WorkflowDefinition counter() {
        return WorkflowDefinition.named("counter")
                .version("1")
                .task("count", context -> {
                    int number = context.get("number", Integer.class);
                    if (number < 3) {
                        context.continueAs(Map.of("number", number + 1));
                    }
                })
                .task("last", context -> {}, task -> task.after("count"))
                .build();
    }

    /** Something that is done with an engine and has the same end whatever becomes of one of its commits. */
    private interface Story {
        void run(ManualEngine crank, EngineParts.SetClock clock);
    }

    /** Tells the story with each of its commits lost, and with the answer to each of them lost. */
    private static void withEachCommitLost(TestDatabase test, Story story) {
        test.migrated();
        int commits = commits(test, 0, FaultyConnections.Fate.FINE, story);
        assertThat(commits).isGreaterThan(3);
        for (FaultyConnections.Fate fate : List.of(FaultyConnections.Fate.LOST, FaultyConnections.Fate.ANSWER_LOST)) {
            for (int number = 1; number <= commits; number++) {
                try {
                    commits(test, number, fate, story);
                } catch (AssertionError e) {
                    throw new AssertionError("commit " + number + " of " + commits + " " + fate, e);
                }
            }
        }
    }

    private static int commits(TestDatabase test, int lost, FaultyConnections.Fate fate, Story story) {
        FaultyConnections source =
                new FaultyConnections(test, number -> number == lost ? fate : FaultyConnections.Fate.FINE);
        EngineParts.SetClock clock = new EngineParts.SetClock();
        try (ManualEngine crank = Engine.builder(source)
                .workflow(order("order").deadline(HOUR).build())
                .workflow(counter())
                .clock(clock)
                .buildManual()
                .start()) {
            source.arm();
            story.run(crank, clock);
            source.disarm();
        }
        return source.commits();
    }

    /** As a runner does it: what fails because a connection breaks is done again by its next look. */
    private static void tick(ManualEngine crank) {
        for (int looks = 0; looks < 2; looks++) {
            try {
                crank.tick();
            } catch (DatabaseException e) {
                assertThat(e.kind()).isEqualTo(ErrorKind.CONNECTION);
            }
        }
    }

    private static List<Execution> all(ManualEngine crank) {
        return crank.engine().list(ExecutionQuery.all().limit(1_000));
    }

    private static void assertRefunded(Engine engine, UUID id, ExecutionStatus status) {
        assertThat(engine.find(id).orElseThrow().status()).isEqualTo(status);
        assertThat(engine.tasks(id))
                .extracting(TaskExecution::name, TaskExecution::status)
                .containsExactly(
                        tuple("pay", TaskStatus.COMPLETED),
                        tuple("wait", TaskStatus.FAILED),
                        tuple("refund", TaskStatus.COMPLETED));
        assertThat(engine.attempts(id).stream()
                        .filter(attempt -> attempt.taskName().equals("pay"))
                        .toList())
                .extracting(TaskAttempt::attempt, TaskAttempt::outcome)
                .containsExactly(tuple(1, AttemptOutcome.FAILED), tuple(2, AttemptOutcome.COMPLETED));
    }

    @DatabaseTest
    void a_deadline_passes_once_whichever_commit_is_lost(TestDatabase test) {
        withEachCommitLost(test, (crank, clock) -> {
            UUID id = crank.engine().submit("order", Map.of());
            tick(crank);
            clock.advance(HOUR);
            tick(crank);
            assertRefunded(crank.engine(), id, ExecutionStatus.FAILED);
        });
    }

    @DatabaseTest
    void a_cancellation_with_compensation_counts_once_whichever_commit_is_lost(TestDatabase test) {
        withEachCommitLost(test, (crank, clock) -> {
            UUID id = crank.engine().submit("order", Map.of());
            tick(crank);
            crank.engine().cancel(id, Cancel.withCompensation());
            tick(crank);
            assertRefunded(crank.engine(), id, ExecutionStatus.CANCELLED);
        });
    }

    @DatabaseTest
    void an_execution_has_one_successor_whichever_commit_is_lost(TestDatabase test) {
        withEachCommitLost(test, (crank, clock) -> {
            int before = all(crank).size();
            UUID id = crank.engine().submit("counter", Map.of("number", 1));
            tick(crank);
            List<Execution> all = all(crank);
            assertThat(all).hasSize(before + 3).allMatch(each -> each.status() == ExecutionStatus.COMPLETED);
            assertThat(all.get(2).id()).isEqualTo(id);
            assertThat(all.get(2).continuedAs()).isEqualTo(all.get(1).id());
            assertThat(all.get(1).continuedAs()).isEqualTo(all.get(0).id());
            assertThat(all.get(0).continuedFrom()).isEqualTo(all.get(1).id());
        });
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

    @Test
    void who_resumes_an_execution_that_is_being_cancelled_keeps_nothing_of_it_running() throws SQLException {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            EngineRuntime runtime = EngineParts.byHand(test, order("order").build());
            try (Engine engine = new Engine(runtime);
                    Connection other = test.jdbc();
                    Statement resumes = other.createStatement()) {
                UUID id = engine.submit("order", Map.of());
                engine.pause(id, null);
                other.setAutoCommit(false);
                resumes.executeUpdate("UPDATE task_executions SET paused = false");
                resumes.executeUpdate("UPDATE pipeline_executions SET status = 'Pending', paused_at = NULL");
                CompletableFuture<Void> cancelled = CompletableFuture.runAsync(() -> runtime.lanes()
                        .call(UniversalUuid.of(id), (transaction, effects) -> {
                            transaction.waitForLocksAtMost(EngineParts.LONG);
                            runtime.steps()
                                    .earlyEnd()
                                    .cancel(
                                            transaction,
                                            UniversalUuid.of(id),
                                            UniversalTimestamp.now(
                                                    runtime.parts().settings().clock()),
                                            effects);
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
