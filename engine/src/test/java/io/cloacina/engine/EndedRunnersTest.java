package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.model.Problem;
import io.cloacina.engine.model.Runner;
import io.cloacina.engine.model.Status;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What others read of a runner whose process has ended on this host, while its lease has not. */
@EnabledOnOs(OS.LINUX)
class EndedRunnersTest {
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final WorkflowDefinition busy = WorkflowDefinition.named("busy")
            .version("1")
            .task("t", context -> {
                inside.countDown();
                EngineParts.await(over);
            })
            .build();

    @DatabaseTest
    void one_that_was_killed_is_not_alive_although_its_lease_is_not_over(TestDatabase test) throws Exception {
        try (Engine runner = Engine.builder(test.url())
                        .workflow(busy)
                        .lease(Duration.ofHours(1))
                        .start();
                Engine client = Engine.builder(test.url()).client().start()) {
            UUID id = runner.submit("busy", Map.of());
            EngineParts.await(inside);
            Process other = new ProcessBuilder("sleep", "600").start();
            try {
                // As if the runner were that process, whose start is not known.
                EngineParts.execute(test, "UPDATE runners SET pid = " + other.pid() + ", process_start = 'unknown'");
                assertThat(client.runners()).extracting(Runner::isAlive).containsExactly(true);
                assertThat(client.status().problems()).isEmpty();
            } finally {
                other.destroyForcibly();
                other.waitFor();
            }
            assertThat(client.runners()).extracting(Runner::isAlive).containsExactly(false);
            Status status = client.status();
            assertThat(status.runners()).extracting(Status.RunnerState::isAlive).containsExactly(false);
            assertThat(status.problems())
                    .filteredOn(problem -> problem.code() == Problem.Code.RUNNER_SILENT)
                    .singleElement()
                    .satisfies(problem -> {
                        assertThat(problem.sentence()).endsWith(", has ended and holds 1 tasks");
                        assertThat(problem.advice()).contains("on this host it takes the tasks at once");
                    });
            assertThat(client.why(id).toString()).contains("whose process has ended");
            over.countDown();
        }
    }
}
