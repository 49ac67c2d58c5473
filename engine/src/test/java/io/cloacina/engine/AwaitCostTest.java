package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.Context;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.run.Attempt;
import io.cloacina.engine.internal.write.CompletionWaiters;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.testsupport.StallingProxy;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a wait for an execution reads of it. */
@Timeout(60)
class AwaitCostTest {
    private static final int EXECUTIONS = 100;

    @Test
    void who_awaits_what_ends_in_this_process_is_given_what_the_end_has_read() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.migrated().close();
            long without = reads(test, false);

            // Maintenance reads now and then, too.
            assertThat(reads(test, true) - without).isBetween(-EXECUTIONS / 4L, EXECUTIONS / 4L);
        }
    }

    @Test
    void to_submit_and_await_an_execution_takes_three_round_trips() throws Exception {
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            test.migrated().close();
            WorkflowDefinition workflow = WorkflowDefinition.named("w")
                    .version("1")
                    .task("t", context -> {})
                    .build();
            try (StallingProxy proxy = StallingProxy.before(test);
                    Engine engine =
                            Engine.builder(proxy.url()).workflow(workflow).start()) {
                // PostgreSQL's driver prepares statements after some uses.
                submitAndAwait(engine);
                int before = proxy.roundTrips();
                submitAndAwait(engine);
                int each = (proxy.roundTrips() - before) / EXECUTIONS;

                // One stores it, one ends it, one commits that. Heartbeats come to it.
                assertThat(each).isEqualTo(3);
            }
        }
    }

    @Test
    void who_gives_up_takes_the_end_from_no_other_that_awaits_the_same_execution() {
        CompletionWaiters waiters = new CompletionWaiters();
        UniversalUuid id = UniversalUuid.v7();
        CompletableFuture<Optional<Execution>> impatient = waiters.of(id);
        CompletableFuture<Optional<Execution>> patient = waiters.of(id);

        waiters.forget(id, impatient);

        assertThat(waiters.wake(Map.of(id, Optional.empty()))).as("not awaited").isEmpty();
        assertThat(patient).isDone();
        waiters.forget(id, waiters.of(id));
        assertThat(waiters.wake(Map.of(id, Optional.empty()))).containsExactly(id);
    }

    /** Who begins to await it then reads it: nobody would wake them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_execution_that_has_ended_does_not_run_here_any_more(boolean isTransactional) {
        CompletableFuture<EngineRuntime> running = new CompletableFuture<>();
        Queue<Attempt> left = new ConcurrentLinkedQueue<>();
        EngineMetrics metrics = new EngineMetrics() {
            @Override
            public void event(EngineEvent event) {
                if (event instanceof EngineEvent.ExecutionEnded) {
                    running.join().dispatcher().underWay().stream()
                            .filter(attempt -> !attempt.isRecorded())
                            .forEach(left::add);
                }
            }
        };
        WorkflowDefinition workflow = WorkflowDefinition.named("w")
                .version("1")
                .task("t", context -> {}, task -> {
                    if (isTransactional) {
                        task.transactional();
                    }
                })
                .build();
        try (TestDatabase test = TestDatabase.create(Backend.SQLITE)) {
            EngineRuntime runtime = EngineParts.of(test, EngineParts.measuredBy(metrics), workflow);
            running.complete(runtime);
            try (Engine engine = new Engine(runtime)) {
                engine.await(engine.submit("w", Map.of()));
            }
        }
        assertThat(left).isEmpty();
    }

    private static void submitAndAwait(Engine engine) {
        for (int i = 0; i < EXECUTIONS; i++) {
            engine.await(engine.submit("w", Map.of()));
        }
    }

    /** How often executions are looked up while some run, one after the other, each awaited while its body runs or not. */
    private static long reads(TestDatabase test, boolean awaited) throws Exception {
        long before = counted(test);
        Gate gate = new Gate();
        WorkflowDefinition workflow =
                WorkflowDefinition.named("w").version("1").task("t", gate::body).build();
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            for (int i = 0; i < EXECUTIONS; i++) {
                gate.close();
                UUID id = engine.submit("w", Map.of());
                EngineParts.await(gate.begun);
                FutureTask<Boolean> wait = new FutureTask<>(
                        () -> awaited && engine.await(id, Duration.ofMinutes(1)).isPresent());
                Thread waiting = new Thread(wait);
                waiting.start();
                EngineParts.until(
                        "it waits or is over", () -> waiting.getState() == Thread.State.TIMED_WAITING || wait.isDone());
                gate.end.countDown();
                assertThat(wait.get()).isEqualTo(awaited);
            }
        }
        return counted(test) - before;
    }

    /** Holds a body until it may end. */
    private static final class Gate {
        private volatile CountDownLatch begun = new CountDownLatch(1);
        private volatile CountDownLatch end = new CountDownLatch(1);

        void close() {
            begun = new CountDownLatch(1);
            end = new CountDownLatch(1);
        }

        void body(Context context) throws InterruptedException {
            begun.countDown();
            end.await();
        }
    }

    private static long counted(TestDatabase test) {
        return EngineParts.countWhenAlone(
                test, "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'pipeline_executions_pkey'");
    }
}
