package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskBody;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.run.ClaimCheck;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;

/** What is done about runners whose lease is over and about workflows that nobody has, driven manually. */
@Timeout(60)
class RecoveryTest {
    private static WorkflowDefinition named(String name, TaskBody body) {
        return WorkflowDefinition.named(name).version("1").task("t", body).build();
    }

    private static ManualEngine manual(TestDatabase test, WorkflowDefinition... workflows) {
        EngineBuilder builder = Engine.builder(test.url());
        for (WorkflowDefinition workflow : workflows) {
            builder.workflow(workflow);
        }
        return builder.buildManual().start();
    }

    /** A runner of another machine claims what there is and is never heard of again. */
    private static void claimAndDie(TestDatabase test, WorkflowDefinition workflow, int expected) {
        EngineRuntime dying = EngineParts.manual(test, workflow);
        dying.lanes().claim(true);
        dying.parts().claimable().noteUnknown(ClaimableWorkflows.SUSPICION);
        dying.dispatcher().claimIfPossible();
        String of =
                " WHERE id = " + EngineParts.literal(test, dying.parts().lease().runner());
        assertThat(EngineParts.execute(test, "UPDATE runners SET host = 'elsewhere'" + of))
                .isEqualTo(1);
        assertThat(EngineParts.count(test, "SELECT count(*) FROM task_executions WHERE status = 'Running'"))
                .isEqualTo(expected);
    }

    private static void endLeases(TestDatabase test) {
        EngineParts.execute(test, "UPDATE runners SET lease_expires_at = heartbeat_at WHERE host = 'elsewhere'");
    }

    @DatabaseTest
    void a_lease_that_lasts_protects_and_one_that_is_over_does_not(TestDatabase test) {
        WorkflowDefinition workflow = named("w", context -> context.put("attempt", context.attempt()));
        try (ManualEngine manual = manual(test, workflow)) {
            UUID id = manual.engine().submit("w", Map.of());
            claimAndDie(test, workflow, 1);
            manual.tick();
            assertThat(manual.engine().tasks(id).get(0).status()).isEqualTo(TaskStatus.RUNNING);

            endLeases(test);
            manual.tick();

            assertThat(manual.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(manual.engine().find(id).orElseThrow().recoveries()).isEqualTo(1);
            TaskExecution task = manual.engine().tasks(id).get(0);
            assertThat(task.attempt()).isEqualTo(2);
            assertThat(task.recoveries()).isEqualTo(1);
            assertThat(manual.engine().recoveries(id)).singleElement().satisfies(event -> {
                assertThat(event.type()).isEqualTo(RecoveryType.TASK_RESET);
                assertThat(event.taskName()).isEqualTo("t");
                assertThat(event.details())
                        .matches("\\{\"runner\":\"[0-9a-f-]{36}\",\"host\":\".+\",\"pid\":\\d+,\"attempt\":1}");
            });
            assertThat(manual.engine().attempts(id))
                    .extracting(TaskAttempt::attempt, TaskAttempt::outcome, TaskAttempt::host)
                    .containsExactly(
                            tuple(1, AttemptOutcome.RUNNER_DIED, "elsewhere"),
                            tuple(2, AttemptOutcome.COMPLETED, null));
        }
    }

    @DatabaseTest
    void after_three_recoveries_the_fourth_death_fails_the_execution(TestDatabase test) {
        WorkflowDefinition workflow = named("w", context -> {});
        try (ManualEngine manual = manual(test, workflow);
                ManualEngine without = manual(test, named("other", context -> {}))) {
            UUID id = manual.engine().submit("w", Map.of());
            for (int death = 1; death <= 4; death++) {
                claimAndDie(test, workflow, 1);
                endLeases(test);
                // Who lacks the workflow may say that it runs again, but not what follows its failure.
                without.tick();
                assertThat(manual.engine().tasks(id).get(0).status())
                        .isEqualTo(death <= 3 ? TaskStatus.READY : TaskStatus.RUNNING);
            }
            manual.tick();

            Execution failed = manual.engine().find(id).orElseThrow();
            assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(failed.recoveries()).isEqualTo(3);
            TaskExecution task = manual.engine().tasks(id).get(0);
            assertThat(task.status()).isEqualTo(TaskStatus.FAILED);
            assertThat(task.recoveries()).isEqualTo(3);
            assertThat(task.error()).isEqualTo("abandoned: its runner died 4 times while it ran");
            assertThat(manual.engine().recoveries(id))
                    .extracting(RecoveryEvent::type)
                    .containsExactly(
                            RecoveryType.TASK_RESET,
                            RecoveryType.TASK_RESET,
                            RecoveryType.TASK_RESET,
                            RecoveryType.TASK_ABANDONED);
            assertThat(manual.engine().attempts(id)).hasSize(4).allSatisfy(attempt -> {
                assertThat(attempt.outcome()).isEqualTo(AttemptOutcome.RUNNER_DIED);
                assertThat(attempt.host()).isEqualTo("elsewhere");
            });
            assertThat(manual.engine().recoveries(id).get(3).details()).endsWith("\"attempt\":4}");
        }
    }

    @DatabaseTest
    void a_workflow_that_nobody_has_is_left_alone_for_a_runner_that_has_it(TestDatabase test) {
        EngineParts.SetClock clock = new EngineParts.SetClock();
        AtomicInteger ran = new AtomicInteger();
        WorkflowDefinition rare = named("rare", context -> ran.incrementAndGet());
        UUID id;
        try (ManualEngine has = Engine.builder(test.url())
                .workflow(rare)
                .clock(clock)
                .buildManual()
                .start()) {
            id = has.engine().submit("rare", Map.of());
        }
        try (ManualEngine lacks = Engine.builder(test.url())
                .workflow(named("usual", context -> {}))
                .clock(clock)
                .unavailableAfter(Duration.ofHours(1))
                .buildManual()
                .start()) {
            lacks.tick();
            clock.advance(Duration.ofMinutes(59));
            lacks.tick();
            assertThat(lacks.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.PENDING);
            try (ManualEngine has = Engine.builder(test.url())
                    .workflow(rare)
                    .clock(clock)
                    .buildManual()
                    .start()) {
                // While somebody has it, nothing is counted.
                clock.advance(Duration.ofHours(5));
                lacks.tick();
                assertThat(lacks.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.PENDING);
                has.tick();
                assertThat(ran).hasValue(1);
                assertThat(has.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
            }
        }
    }

    @DatabaseTest
    void a_workflow_that_nobody_has_for_too_long_fails_its_executions(TestDatabase test) {
        EngineParts.SetClock clock = new EngineParts.SetClock();
        UUID id;
        try (ManualEngine has = Engine.builder(test.url())
                .workflow(named("rare", context -> {}))
                .clock(clock)
                .buildManual()
                .start()) {
            id = has.engine().submit("rare", Map.of());
        }
        try (ManualEngine lacks = Engine.builder(test.url())
                .workflow(named("usual", context -> {}))
                .clock(clock)
                .unavailableAfter(Duration.ofHours(1))
                .buildManual()
                .start()) {
            lacks.tick();
            clock.advance(Duration.ofHours(1));
            lacks.tick();

            Execution failed = lacks.engine().find(id).orElseThrow();
            assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
            assertThat(failed.error()).contains("'rare' version 1");
            assertThat(lacks.engine().tasks(id))
                    .extracting(TaskExecution::status)
                    .containsExactly(TaskStatus.CANCELLED);
            List<RecoveryEvent> events = lacks.engine().recoveries(id);
            assertThat(events).singleElement().satisfies(event -> {
                assertThat(event.type()).isEqualTo(RecoveryType.WORKFLOW_UNAVAILABLE);
                assertThat(event.taskName()).isNull();
                assertThat(event.details()).isEqualTo("{\"workflow\":\"rare\",\"version\":\"1\",\"waited\":\"PT1H\"}");
            });
        }
    }

    @DatabaseTest
    void what_is_held_and_run_by_nobody_is_given_back_though_nothing_else_runs(TestDatabase test) {
        AtomicInteger ran = new AtomicInteger();
        WorkflowDefinition workflow = named("w", context -> ran.incrementAndGet());
        EngineRuntime runtime = EngineParts.manual(test, workflow);
        Engine engine = new Engine(runtime);
        UUID id = engine.submit("w", Map.of());
        // As after a commit whose answer was lost: the row says so, and nobody here knows.
        EngineParts.execute(
                test,
                "UPDATE task_executions SET status = 'Running', started_at = created_at, attempt = 1, claimed_by = "
                        + EngineParts.literal(test, runtime.parts().lease().runner()));
        runtime.maintenance().claims().compare();
        assertThat(engine.tasks(id).get(0).status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(runtime.maintenance().claims().isNeeded())
                .as("it is looked for until nothing of the kind is found")
                .isTrue();

        EngineParts.until("it is given back", () -> {
            runtime.maintenance().lookAtOthers();
            return engine.tasks(id).get(0).status() == TaskStatus.READY;
        });
        EngineParts.until("nothing is looked for any more", () -> {
            runtime.maintenance().lookAtOthers();
            return !runtime.maintenance().claims().isNeeded();
        });
        assertThat(runtime.parts().slots().free()).isEqualTo(4);
    }

    @DatabaseTest
    void that_an_answer_was_lost_is_remembered_until_there_is_time_to_look(TestDatabase test) {
        WorkflowDefinition workflow = named("w", context -> {});
        EngineRuntime runtime = EngineParts.manual(test, workflow);
        AtomicInteger looks = new AtomicInteger();
        ClaimCheck check = new ClaimCheck(runtime.parts(), runtime.dispatcher(), () -> {
            looks.incrementAndGet();
            return List.of();
        });
        check.compareIfDue(true);
        assertThat(looks).hasValue(1);
        // Just after a look, when it is too early for another.
        check.compareIfDue(true);
        assertThat(looks).hasValue(1);

        EngineParts.until("it is looked again", () -> {
            check.compareIfDue(false);
            return looks.get() == 2;
        });
    }

    @DatabaseTest
    void a_start_in_the_far_future_harms_nobody(TestDatabase test) {
        WorkflowDefinition workflow = named("w", context -> {});
        try (Engine engine = Engine.builder(test.url()).workflow(workflow).start()) {
            engine.submit(Submission.of("w").startAt(Instant.parse("2500-01-01T00:00:00Z")));
            UUID id = engine.submit("w", Map.of());
            assertThat(engine.await(id, EngineParts.LONG)).isPresent();
        }
    }
}
