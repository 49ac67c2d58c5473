package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

/** What the log says of failures. */
@Timeout(60)
class FailureLogTest {
    private static final WorkflowDefinition ORDER = WorkflowDefinition.named("order")
            .task(
                    "ship",
                    context -> {
                        throw new IllegalStateException("no truck");
                    },
                    task -> task.retry(RetryPolicy.fixed(2, Duration.ofMillis(1))))
            .build();

    @DatabaseTest
    void a_task_that_failed_for_good_is_logged_once_with_its_stack_trace(TestDatabase database) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        UUID id;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (Engine engine = Engine.builder(database.url()).workflow(ORDER).start()) {
            id = engine.submit("order", Map.of());
            engine.await(id);
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .containsOnlyOnce("task 'ship' failed in attempt 2 (execution " + id + " of workflow 'order')")
                .containsOnlyOnce("java.lang.IllegalStateException: no truck")
                .containsOnlyOnce("execution " + id + " of workflow 'order' failed");
    }
}
