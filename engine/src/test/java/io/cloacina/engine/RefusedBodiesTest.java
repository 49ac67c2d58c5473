package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What others read of a task whose bodies an executor refuses. */
class RefusedBodiesTest {
    @DatabaseTest
    void the_error_of_an_executor_that_was_shut_down_is_in_the_reason_and_in_the_attempts(TestDatabase test) {
        WorkflowDefinition one = WorkflowDefinition.named("one")
                .version("1")
                .task("t", context -> {})
                .build();
        ExecutorService over = Executors.newSingleThreadExecutor();
        over.shutdownNow();
        try (Engine engine =
                        Engine.builder(test.url()).workflow(one).executor(over).start();
                Engine client = Engine.builder(test.url()).client().start()) {
            UUID id = engine.submit("one", Map.of());
            String why = "its last attempt was released: no thread took the body:"
                    + " java.util.concurrent.RejectedExecutionException";
            EngineParts.until(
                    "the reason names the error",
                    () -> client.why(id).stream().map(Reason::sentence).anyMatch(each -> each.contains(why)));
            List<TaskAttempt> attempts = client.attempts(id);
            assertThat(attempts.get(0).outcome()).isEqualTo(AttemptOutcome.INTERRUPTED);
            assertThat(attempts.get(0).error()).startsWith("no thread took the body");
        }
    }
}
