package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.testsupport.ReplicatedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A primary with a synchronous standby is killed while executions are submitted and run; the standby takes over. */
@Timeout(180)
class FailoverTest {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int CALLERS = 8;
    private static final int EACH = 60;

    /** Some have ended by then, some run, and most are still to be submitted. */
    private static final int BEFORE = CALLERS * EACH / 4;

    private static final WorkflowDefinition WORKFLOW = WorkflowDefinition.named("w")
            .version("1")
            .task("prepare", context -> context.output(1))
            .task(
                    "book",
                    context -> {
                        try (PreparedStatement statement =
                                context.connection().prepareStatement("INSERT INTO bookings (execution) VALUES (?)")) {
                            statement.setObject(1, context.executionId());
                            statement.executeUpdate();
                        }
                    },
                    task -> task.after("prepare").transactional())
            .build();

    @Test
    void when_the_standby_takes_over_nothing_acknowledged_is_lost_and_nothing_is_done_twice() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        try (ReplicatedPostgres servers = ReplicatedPostgres.start();
                Connection primary = servers.primaryConnection();
                Statement statement = primary.createStatement()) {
            // Without a key: whatever is booked twice is there twice.
            statement.execute("CREATE TABLE bookings (execution uuid)");
            submitWhileItFailsOver(servers, callers);
        } finally {
            callers.shutdown();
        }
    }

    private static void submitWhileItFailsOver(ReplicatedPostgres servers, ExecutorService callers) throws Exception {
        try (Engine engine =
                Engine.builder(servers.url()).workflow(WORKFLOW).slots(32).start()) {
            CountDownLatch acknowledged = new CountDownLatch(BEFORE);
            List<Future<List<UUID>>> submitted = new ArrayList<>();
            for (int caller = 0; caller < CALLERS; caller++) {
                submitted.add(callers.submit(() -> {
                    List<UUID> ids = new ArrayList<>();
                    for (int i = 0; i < EACH; i++) {
                        ids.add(engine.submit("w", Map.of("number", i)));
                        acknowledged.countDown();
                    }
                    return ids;
                }));
            }
            EngineParts.await(acknowledged);

            servers.killPrimary();
            servers.promote();

            List<UUID> ids = new ArrayList<>();
            for (Future<List<UUID>> each : submitted) {
                ids.addAll(each.get());
            }
            for (UUID id : ids) {
                assertThat(engine.await(id, LONG))
                        .get()
                        .extracting(Execution::status)
                        .isEqualTo(ExecutionStatus.COMPLETED);
            }
            try (Connection connection = servers.standbyConnection()) {
                assertThat(all(connection, "SELECT id FROM pipeline_executions"))
                        .containsExactlyInAnyOrderElementsOf(ids);
                assertThat(all(connection, "SELECT execution FROM bookings")).containsExactlyInAnyOrderElementsOf(ids);
            }
        }
    }

    private static List<UUID> all(Connection connection, String sql) throws SQLException {
        List<UUID> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                all.add(answer.getObject(1, UUID.class));
            }
        }
        return all;
    }
}
