package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
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
