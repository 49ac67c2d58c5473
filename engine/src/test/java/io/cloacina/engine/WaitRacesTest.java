package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Limit;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Transactions that meet, as they can on PostgreSQL only: SQLite has one writer. */
@Timeout(60)
class WaitRacesTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    /** Lets the body go on while somebody else holds what the SQL locks, until the engine waits or has gone past. */
    private void meanwhile(TestDatabase test, String lock, String isPast, Runnable whileHeld) {
        EngineParts.await(begun);
        try (Connection connection = test.jdbc()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(lock);
            }
            goOn.countDown();
            EngineParts.until(
                    "the engine waits or has gone past",
                    () -> EngineParts.count(
                                            test,
                                            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                                    + " AND datname = current_database()")
                                    > 0
                            || EngineParts.count(test, isPast) > 0);
            whileHeld.run();
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void the_run_for_the_next_element_begins_though_somebody_held_its_row_when_the_one_before_ended() {
        WorkflowDefinition workflow = WorkflowDefinition.named("each")
                .task(
                        "each",
                        context -> {
                            if (context.elementIndex() == 0) {
                                begun.countDown();
                                EngineParts.await(goOn);
                            }
                        },
                        task -> task.forEach("list").atOnce(1))
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            UUID id = engine.submit("each", Map.of("list", List.of(1, 2)));
            meanwhile(
                    test,
                    "SELECT id FROM task_executions WHERE task_name = 'each[1]' FOR UPDATE",
                    "SELECT count(*) FROM task_executions WHERE task_name = 'each[0]' AND status = 'Completed'",
                    () -> {});
            assertThat(engine.await(id, Duration.ofSeconds(10)))
                    .get()
                    .extracting(Execution::status)
                    .isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void a_claim_under_a_rate_counts_from_when_nobody_else_can_claim_any_more() {
        EngineParts.SetClock clock = new EngineParts.SetClock();
        WorkflowDefinition workflow = WorkflowDefinition.named("calling")
                .task("begin", context -> {
                    begun.countDown();
                    EngineParts.await(goOn);
                })
                .task("call", context -> {}, task -> task.after("begin").limit(Limit.starts(1, Duration.ofMinutes(1))))
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url())
                        .workflow(workflow)
                        .clock(clock)
                        .start()) {
            UUID id = engine.submit("calling", Map.of());
            meanwhile(
                    test,
                    "SELECT pg_advisory_xact_lock(hashtextextended(CAST(limit_keys AS jsonb) ->> 0, 0))"
                            + " FROM task_executions WHERE limit_keys IS NOT NULL",
                    "SELECT count(*) FROM task_executions WHERE task_name = 'call' AND status = 'Completed'",
                    () -> clock.advance(Duration.ofSeconds(59)));
            Instant claimed = clock.instant();
            assertThat(engine.await(id, EngineParts.LONG)).isPresent();
            assertThat(engine.tasks(id).get(1).startedAt()).isEqualTo(claimed);
            assertThat(EngineParts.count(test, "SELECT count(*) FROM limit_uses WHERE created_at = '" + claimed + "'"))
                    .isEqualTo(1);
        }
    }
}
