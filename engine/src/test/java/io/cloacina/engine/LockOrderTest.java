package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What takes locks in another order than the main path, as ARCHITECTURE.md lists it, meets a transaction that takes them
 * in the usual one: both wait for each other, one of them is lost, and the engine's work is done all the same.
 */
@Timeout(120)
class LockOrderTest {
    private static final String WAITING =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";

    private static final String FREE = "WITH free AS (SELECT id FROM pipeline_executions FOR UPDATE SKIP LOCKED)"
            + " SELECT count(*) FROM free WHERE id = ";

    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void endCallers() {
        callers.shutdownNow();
    }

    /**
     * Locks the tasks of an execution as a cancellation of it does, lets the engine begin, and then wants the row of an
     * execution that the engine holds while it waits for one of these tasks.
     */
    private static void meet(TestDatabase test, UUID tasksOf, Runnable engineBegins, UUID execution)
            throws SQLException {
        try (Connection other = test.jdbc()) {
            other.setAutoCommit(false);
            run(
                    other,
                    "UPDATE task_executions SET updated_at = updated_at" + " WHERE pipeline_execution_id = '" + tasksOf
                            + "'");
            engineBegins.run();
            EngineParts.until(
                    "the engine holds the execution and waits for a task",
                    () -> EngineParts.count(test, WAITING) > 0
                            && EngineParts.count(test, FREE + "'" + execution + "'") == 0);
            try {
                run(other, "UPDATE pipeline_executions SET updated_at = updated_at WHERE id = '" + execution + "'");
                other.commit();
            } catch (SQLException e) {
                // The deadlock was found at this transaction.
                assertThat(e.getSQLState()).isEqualTo("40P01");
                other.rollback();
            }
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void a_signal_and_somebody_who_locks_the_tasks_of_its_execution_first_both_end() throws Exception {
        WorkflowDefinition workflow = WorkflowDefinition.named("listening")
                .task("listen", context -> {}, task -> task.signal("go"))
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            UUID id = engine.submit("listening", Map.of());
            EngineParts.until(
                    "it waits",
                    () -> !engine.tasks(id, List.of(TaskStatus.WAITING)).isEmpty());
            List<Future<?>> signalled = new ArrayList<>();

            meet(test, id, () -> signalled.add(callers.submit(() -> engine.signal(id, "go", 1))), id);

            signalled.get(0).get(EngineParts.LONG.toSeconds(), TimeUnit.SECONDS);
            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @Test
    void the_end_of_a_child_and_somebody_who_locks_the_tasks_of_its_parent_first_both_end() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        WorkflowDefinition child = WorkflowDefinition.named("child")
                .task("work", context -> {
                    begun.countDown();
                    EngineParts.await(end);
                })
                .build();
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task("hand-over", context -> context.output(Map.of()), task -> task.child("child"))
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES);
                Engine engine = Engine.builder(test.url())
                        .workflow(child)
                        .workflow(parent)
                        .start()) {
            UUID id = engine.submit("parent", Map.of());
            EngineParts.await(begun);
            UUID of = engine.list(ExecutionQuery.all().workflow("child")).get(0).id();

            meet(test, id, end::countDown, of);

            assertThat(engine.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(engine.find(of).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }
}
