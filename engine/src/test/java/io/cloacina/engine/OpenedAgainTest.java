package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.store.ControlStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.write.ClaimBudget;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.ExecutionControl;
import io.cloacina.engine.internal.write.Removal;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.engine.internal.write.UnpublishedSubmissions;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.testsupport.DatabaseTest;
import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** What the simulation found out about failed executions that are retried, each once more in few words. */
class OpenedAgainTest {
    private final AtomicBoolean works = new AtomicBoolean();

    private void mayFail() {
        if (!works.get()) {
            throw new IllegalStateException("not yet");
        }
    }

    @DatabaseTest
    void an_execution_ends_although_all_its_leaves_had_completed_before_it_was_retried(TestDatabase test) {
        WorkflowDefinition workflow = WorkflowDefinition.named("reported")
                .version("1")
                .task("work", context -> mayFail())
                .task("report", context -> {}, task -> task.after("work").when(TriggerRule.always()))
                .build();
        try (ManualEngine manual =
                Engine.builder(test.url()).workflow(workflow).buildManual().start()) {
            UUID id = manual.engine().submit("reported", Map.of());
            manual.tick();
            assertThat(manual.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.FAILED);

            works.set(true);
            manual.engine().retry(id, RetryMode.evenAfterCompensation());
            manual.tick();

            assertThat(manual.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.COMPLETED);
        }
    }

    @DatabaseTest
    void an_execution_that_fails_again_does_not_end_before_all_its_tasks(TestDatabase test) {
        AtomicReference<ExecutionStatus> seen = new AtomicReference<>();
        AtomicReference<ManualEngine> running = new AtomicReference<>();
        WorkflowDefinition workflow = WorkflowDefinition.named("reported")
                .version("1")
                .task("first", context -> mayFail())
                .task("second", context -> {
                    ManualEngine manual = Objects.requireNonNull(running.get());
                    seen.set(manual.engine()
                            .find(context.executionId())
                            .orElseThrow()
                            .status());
                    mayFail();
                })
                .task(
                        "report",
                        context -> {},
                        task -> task.after("first", "second").when(TriggerRule.always()))
                .build();
        try (ManualEngine manual = Engine.builder(test.url())
                .slots(1)
                .workflow(workflow)
                .buildManual()
                .start()) {
            running.set(manual);
            UUID id = manual.engine().submit("reported", Map.of());
            manual.tick();
            manual.engine().retry(id, RetryMode.evenAfterCompensation());
            manual.tick();

            assertThat(seen.get()).isEqualTo(ExecutionStatus.RUNNING);
            assertThat(manual.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.FAILED);
        }
    }

    @DatabaseTest
    void a_task_that_failed_while_its_execution_was_paused_runs_when_it_is_retried(TestDatabase test) {
        AtomicReference<ManualEngine> running = new AtomicReference<>();
        WorkflowDefinition workflow = WorkflowDefinition.named("paused")
                .version("1")
                .task("work", context -> {
                    if (!works.get()) {
                        Objects.requireNonNull(running.get()).engine().pause(context.executionId(), "to look at it");
                    }
                    mayFail();
                })
                .build();
        try (ManualEngine manual =
                Engine.builder(test.url()).workflow(workflow).buildManual().start()) {
            running.set(manual);
            UUID id = manual.engine().submit("paused", Map.of());
            manual.tick();
            assertThat(manual.engine().find(id).orElseThrow().status()).isEqualTo(ExecutionStatus.FAILED);

            works.set(true);
            manual.engine().retry(id);
            manual.tick();

            Execution done = manual.engine().find(id).orElseThrow();
            assertThat(done.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(done.pauseReason()).isNull();
        }
    }

    @DatabaseTest
    void an_execution_that_was_opened_again_since_it_was_found_to_be_old_is_not_removed(TestDatabase test) {
        WorkflowDefinition workflow = WorkflowDefinition.named("old")
                .version("1")
                .task("before", context -> context.put("value", 1))
                .task("work", context -> mayFail(), task -> task.after("before"))
                .build();
        try (ManualEngine manual = Engine.builder(test.url())
                        .workflow(workflow)
                        .buildManual()
                        .start();
                Database other = test.open(HistoryStore.STATEMENTS)) {
            UUID id = manual.engine().submit("old", Map.of("input", 1));
            manual.tick();
            manual.engine().retry(id);

            int removed = other.write(transaction -> Removal.remove(transaction, List.of(UniversalUuid.of(id))));

            assertThat(removed).isZero();
            assertThat(manual.engine().context(id).json()).isEqualTo("{\"input\":1,\"value\":1}");
        }
    }

    @DatabaseTest
    void an_execution_that_failed_before_it_started_starts_when_it_is_retried(TestDatabase test) {
        WorkflowDefinition workflow = WorkflowDefinition.named("waiting")
                .version("1")
                .task("work", context -> {})
                .build();
        try (ManualEngine manual = Engine.builder(test.url())
                        .workflow(workflow)
                        .buildManual()
                        .start();
                Database other = test.open(ExecutionStore.STATEMENTS, ControlStore.STATEMENTS)) {
            UUID id = manual.engine().submit("waiting", Map.of());
            ExecutionControl control = manual.engine().runtime().steps().control();
            other.write(transaction -> control.fail(
                    new UnitOfWork(
                            transaction,
                            Clock.systemUTC(),
                            new CommitEffects(
                                    new ClaimBudget(new Slots(1), new ClaimableWorkflows(), false, 0),
                                    new UnpublishedSubmissions(true))),
                    UniversalUuid.of(id),
                    "nobody had it",
                    "waiting"));

            manual.engine().retry(id);
            manual.tick();

            Execution done = manual.engine().find(id).orElseThrow();
            assertThat(done.status()).isEqualTo(ExecutionStatus.COMPLETED);
            assertThat(done.startedAt()).isNotNull();
        }
    }
}
