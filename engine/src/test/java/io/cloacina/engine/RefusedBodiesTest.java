package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** What others read of a task whose bodies an executor refuses. */
@Timeout(60)
class RefusedBodiesTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ends = new CountDownLatch(1);

    /** Notes the pauses of claiming, and ends each of them at once. */
    private static final class Pauses extends ScheduledThreadPoolExecutor {
        private final List<Duration> seen = new CopyOnWriteArrayList<>();

        Pauses() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
            Duration pause = Duration.of(delay, unit.toChronoUnit());
            seen.add(pause);
            return super.schedule(work, pause.compareTo(ClaimPauses.SHORTEST) < 0 ? delay : 0, unit);
        }

        private List<Duration> longest() {
            return seen.stream()
                    .filter(pause -> pause.compareTo(ClaimPauses.SHORTEST) >= 0)
                    .toList();
        }
    }

    @DatabaseTest
    void an_executor_that_is_busy_is_offered_bodies_again_soon_however_long_the_present_one_runs(TestDatabase test) {
        WorkflowDefinition one = WorkflowDefinition.named("one")
                .version("1")
                .task("t", context -> {
                    begun.countDown();
                    EngineParts.await(ends);
                })
                .build();
        ThreadPoolExecutor small = new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
        Settings settings = Engine.builder(test.url())
                .executor(small)
                .slots(2)
                .configuration(Mode.RUNNER)
                .settings();
        Pauses pauses = new Pauses();
        EngineRuntime runtime = new EngineRuntime(
                test.migrated(),
                List.of(one),
                settings,
                Mode.RUNNER,
                own -> new Timer(
                        false,
                        own,
                        name -> name.equals("timer") ? pauses : Executors.newSingleThreadScheduledExecutor()));
        runtime.start();
        try (Engine engine = new Engine(runtime)) {
            UUID first = engine.submit("one", Map.of());
            EngineParts.await(begun);
            UUID second = engine.submit("one", Map.of());
            EngineParts.until(
                    "claiming has paused often", () -> pauses.longest().size() > 5);
            assertThat(pauses.longest()).containsOnly(ClaimPauses.SHORTEST);
            ends.countDown();
            engine.await(first);
            engine.await(second);
        } finally {
            small.shutdownNow();
        }
    }

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
