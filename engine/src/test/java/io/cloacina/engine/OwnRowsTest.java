package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.run.BodyTransactions;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

/** A body that changes the rows of the engine loses its own claim by it, and does not run forever. */
@Timeout(120)
class OwnRowsTest {
    @DatabaseTest
    void a_transactional_body_that_changes_its_own_row_each_time_fails_its_attempts_and_then_its_task(
            TestDatabase test) {
        for (String sql : List.of(
                "DELETE FROM task_executions",
                "UPDATE task_executions SET claimed_by = NULL, status = 'Ready'",
                "UPDATE task_executions SET attempt = attempt + 1, max_attempts = max_attempts + 1",
                "UPDATE task_executions SET status = 'Completed'")) {
            AtomicInteger runs = new AtomicInteger();
            WorkflowDefinition workflow = WorkflowDefinition.named("w")
                    .task(
                            "t",
                            context -> {
                                runs.incrementAndGet();
                                try (Statement statement = context.connection().createStatement()) {
                                    statement.executeUpdate(sql);
                                }
                            },
                            task -> task.transactional().retry(RetryPolicy.fixed(2, Duration.ofMillis(1))))
                    .build();
            try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
                UUID id = engine.submit("w", Map.of());

                assertThat(engine.await(id, EngineParts.LONG))
                        .as(sql)
                        .get()
                        .extracting(Execution::status)
                        .isEqualTo(ExecutionStatus.FAILED);
                TaskExecution task = engine.tasks(id).get(0);
                assertThat(task.attempt()).isEqualTo(2);
                assertThat(task.error())
                        .contains("attempt 2 of task 't'")
                        .contains("the body changed or deleted the row of its own task in task_executions");
                assertThat(runs).as(sql).hasValue(2 * (1 + BodyTransactions.REPETITIONS));
            }
        }
    }

    @DatabaseTest
    void a_body_that_changes_its_own_row_beside_the_engine_is_given_up_at_last(TestDatabase test) {
        AtomicInteger runs = new AtomicInteger();
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .task("t", context -> {
                    runs.incrementAndGet();
                    EngineParts.execute(
                            test, "UPDATE task_executions SET attempt = attempt + 1, max_attempts = max_attempts + 9");
                })
                .build();
        EngineRuntime runtime = EngineParts.manual(test, workflow);
        try (ManualEngine engine = new ManualEngine(new Engine(runtime))) {
            UUID id = engine.engine().submit("w", Map.of());
            for (int i = 0; i < 20; i++) {
                engine.tick();
                for (int look = 0; look < 2; look++) {
                    runtime.maintenance().claims().compare();
                }
            }

            TaskExecution task = engine.engine().tasks(id).get(0);
            assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
            assertThat(task.error()).contains("abandoned").contains("must not change the tables of the engine");
            assertThat(engine.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(runs).hasValue(11);
            assertThat(runtime.parts().slots().free()).isEqualTo(4);
        }
    }
}
