package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.run.MissingWorkflowCheck;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Submission;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

/** What is told, and what becomes, of executions whose workflow no live runner has in their version. */
@Timeout(60)
class AvailabilityTest {
    private static final Duration PATIENCE = Duration.ofDays(1);

    private final List<String> told = new ArrayList<>();
    private Duration elapsed = Duration.ofDays(-1);

    /** It sleeps for long and waits for a signal, in each version for another one: none is compatible with another. */
    private static WorkflowDefinition order(String version) {
        return WorkflowDefinition.named("order")
                .version(version)
                .task("sleeps", context -> {}, task -> task.sleep(Duration.ofDays(1)))
                .task("listens", context -> {}, task -> task.signal("go-" + version))
                .build();
    }

    private static List<UUID> submit(TestDatabase test, WorkflowDefinition workflow, int number) {
        test.migrated();
        try (ManualEngine manual =
                Engine.builder(test.url()).workflow(workflow).buildManual().start()) {
            List<UUID> ids = new ArrayList<>();
            for (int i = 0; i < number; i++) {
                ids.add(manual.engine().submit(workflow.name(), Map.of()));
            }
            // The last one does not even begin.
            manual.engine().submit(Submission.of(workflow.name()).delay(Duration.ofDays(2)));
            manual.tick();
            return ids;
        }
    }

    private MissingWorkflowCheck availability(EngineRuntime runtime) {
        return new MissingWorkflowCheck(runtime.parts(), runtime.lanes(), runtime.steps(), () -> elapsed, told::add);
    }

    private static List<RunnerStore.Known> others(EngineRuntime runtime) {
        return runtime.parts()
                .database()
                .list(RunnerStore.OTHERS, runtime.parts().lease().runner());
    }

    @DatabaseTest
    void it_is_told_once_when_it_begins_with_how_many_and_which_and_what_is_there(TestDatabase test) {
        List<UUID> ids = submit(test, order("1"), 4);
        EngineRuntime runtime = EngineParts.manual(test, order("2"));
        MissingWorkflowCheck availability = availability(runtime);
        EngineParts.manual(test, order("3"));

        availability.check(others(runtime));

        assertThat(told)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .matches(
                                "unfinished executions of workflow 'order' version 1, which no runner has: 5, the oldest "
                                        + ids.get(0)
                                        + " of \\d{4}-.*Z; versions that runners have: 2, 3\\. They wait for a runner that"
                                        + " has it, and fail when there has been none for 1 d"));
        for (int i = 0; i < 59; i++) {
            elapsed = elapsed.plusMinutes(1);
            availability.check(others(runtime));
        }
        assertThat(told).as("not each minute").hasSize(1);
        elapsed = elapsed.plusMinutes(1);
        availability.check(others(runtime));
        assertThat(told).as("an hour later").hasSize(2);
    }

    @DatabaseTest
    void it_is_told_anew_when_it_begins_again_and_not_while_somebody_has_it(TestDatabase test) {
        submit(test, order("1"), 1);
        EngineRuntime runtime = EngineParts.manual(test, order("2"));
        MissingWorkflowCheck availability = availability(runtime);
        EngineRuntime has = EngineParts.manual(test, order("1"));
        availability.check(others(runtime));
        assertThat(told).isEmpty();

        has.parts().lease().end();
        availability.check(others(runtime));
        assertThat(told).hasSize(1);

        has.parts().lease().register();
        availability.check(others(runtime));
        has.parts().lease().end();
        availability.check(others(runtime));
        assertThat(told).hasSize(2);
    }

    @DatabaseTest
    void what_fails_for_it_is_told_with_its_ids(TestDatabase test) {
        List<UUID> ids = submit(test, order("1"), 12);
        EngineRuntime runtime = EngineParts.manual(test, order("2"));
        MissingWorkflowCheck availability = availability(runtime);
        availability.check(others(runtime));
        told.clear();
        elapsed = elapsed.plus(PATIENCE);
        availability.check(others(runtime));

        assertThat(told).hasSize(1);
        assertThat(told.get(0))
                .startsWith("executions of workflow 'order' version 1 that failed, because no runner has had it for"
                        + " 1 d: 13 (" + ids.get(0) + ", " + ids.get(1))
                .contains(ids.get(9).toString())
                .doesNotContain(ids.get(10).toString())
                .endsWith(", …); they can be retried when a runner has it");
        assertThat(new Engine(runtime).find(ids.get(0)).orElseThrow().status()).isEqualTo(ExecutionStatus.FAILED);
        told.clear();
        elapsed = elapsed.plus(PATIENCE);
        availability.check(others(runtime));
        assertThat(told).isEmpty();
    }

    @DatabaseTest
    void a_clock_that_is_set_fails_nothing(TestDatabase test) {
        List<UUID> ids = submit(test, order("1"), 1);
        EngineParts.SetClock clock = new EngineParts.SetClock();
        EngineRuntime runtime = EngineParts.of(test, EngineParts.by(clock), order("2"));
        try (Engine engine = new Engine(runtime)) {
            runtime.maintenance().checkMissingWorkflows();
            clock.advance(PATIENCE.multipliedBy(400));
            runtime.maintenance().checkMissingWorkflows();
            clock.advance(PATIENCE.multipliedBy(-800));
            runtime.maintenance().checkMissingWorkflows();

            assertThat(engine.find(ids.get(0)).orElseThrow().status()).isEqualTo(ExecutionStatus.RUNNING);
        }
    }

    @DatabaseTest
    void a_dead_runner_whose_tasks_are_left_for_others_is_no_runner_that_has_a_workflow(TestDatabase test) {
        WorkflowDefinition poison = WorkflowDefinition.named("poison")
                .version("1")
                .task("t", context -> {})
                .build();
        test.migrated();
        EngineRuntime dying = EngineParts.manual(test, poison);
        try (Engine client =
                Engine.builder(test.url()).workflow(poison).client().start()) {
            client.submit("poison", Map.of());
        }
        dying.lanes().claim(true);
        dying.parts().claimable().noteUnknown(ClaimableWorkflows.SUSPICION);
        dying.dispatcher().claimIfPossible();
        EngineParts.execute(test, "UPDATE task_executions SET recovery_attempts = 3");
        EngineParts.execute(test, "UPDATE runners SET host = 'elsewhere', lease_expires_at = heartbeat_at");
        EngineParts.SetClock clock = new EngineParts.SetClock();
        try (ManualEngine manual = Engine.builder(test.url())
                .workflow(order("2"))
                .clock(clock)
                .unavailableAfter(PATIENCE)
                .buildManual()
                .start()) {
            manual.tick();
            assertThat(EngineParts.count(test, "SELECT count(*) FROM runners")).isEqualTo(2);
            clock.advance(PATIENCE);
            manual.tick();

            assertThat(manual.engine().list(ExecutionQuery.all()))
                    .extracting(Execution::status)
                    .containsExactly(ExecutionStatus.FAILED);
        }
    }
}
