package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.RuleJson;
import io.cloacina.engine.internal.store.ContextStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.ReadyStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.internal.store.VersionStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets an execution continue with another version of its workflow, if that is compatible with its unfinished tasks: each is
 * there, with the same dependencies, rule and kind, and can read what finished tasks wrote. Tasks that the other version has
 * besides are added, and decided at once if all before them has ended.
 *
 * <p>It is one transaction, which holds all unfinished tasks first: no task of the execution runs meanwhile, and nobody claims
 * one.
 */
public final class VersionChange {
    private final Planner planner;

    VersionChange(Planner planner) {
        this.planner = planner;
    }

    /** How it ended; {@code why} says what keeps the execution as it is, perhaps only {@code isForNow}. */
    public record Result(boolean isChanged, @Nullable String why, boolean isForNow) {
        /** It has ended, or continues with another version already. */
        private static final Result DONE = new Result(false, null, false);

        private static Result no(String why) {
            return new Result(false, why, false);
        }
    }

    /** Changes the version of an execution, unless somebody else has done that, or says why not. */
    public Result change(
            WriteTransaction transaction,
            UniversalUuid id,
            String before,
            Workflow workflow,
            UniversalTimestamp at,
            CommitEffects effects) {
        Execution execution = held(transaction, id, at).orElse(null);
        if (execution == null || execution.isFinished() || !execution.version().equals(before)) {
            return Result.DONE;
        }
        List<VersionStore.Task> rows = transaction.list(VersionStore.TASKS, id);
        if (rows.stream().anyMatch(row -> row.status() == TaskStatus.RUNNING)) {
            return new Result(false, "a task of it runs", true);
        }
        return change(transaction, execution, new VersionRows(rows, workflow), at, effects);
    }

    /**
     * Changes the version of an execution on purpose, or says by an exception why not; does nothing if it has that version.
     *
     * @param workflow with its code or without
     */
    public void migrate(
            WriteTransaction transaction,
            UniversalUuid id,
            Workflow workflow,
            UniversalTimestamp at,
            CommitEffects effects) {
        Execution execution = held(transaction, id, at).orElseThrow(() -> new UnknownExecutionException(id.value()));
        if (execution.isFinished()) {
            throw new ExecutionStateException(execution, "migrated", "it has ended");
        } else if (execution.version().equals(workflow.version())) {
            return;
        }
        List<VersionStore.Task> rows = transaction.list(VersionStore.TASKS, id);
        for (VersionStore.Task row : rows) {
            if (row.status() == TaskStatus.RUNNING) {
                throw new ExecutionStateException(
                        execution,
                        "migrated",
                        "its task " + Arguments.shown(row.name()) + " runs; try again when that has ended");
            }
        }
        Result result = change(transaction, execution, new VersionRows(rows, workflow), at, effects);
        if (!result.isChanged) {
            throw new CloacinaException(
                    "INCOMPATIBLE_VERSION",
                    "execution " + id + " has version " + execution.version() + " of workflow "
                            + Arguments.shown(execution.workflow()) + " and cannot continue with version "
                            + workflow.version() + ": " + result.why);
        }
        effects.othersShouldLook();
    }

    /** Why an execution could not continue with a version, as both are now; nothing if it could. */
    public Optional<String> whyNot(ReadTransaction transaction, UniversalUuid id, Workflow workflow) {
        VersionRows known = new VersionRows(transaction.list(VersionStore.TASKS, id), workflow);
        return Optional.ofNullable(known.why(Restarter.input(transaction::find, id), written(transaction, id, known)));
    }

    private static Optional<Execution> held(WriteTransaction transaction, UniversalUuid id, UniversalTimestamp at) {
        transaction.run(VersionStore.HOLD_TASKS, new ExecutionStore.At(id, at));
        return transaction.find(HistoryStore.FIND, id);
    }

    private Result change(
            WriteTransaction transaction,
            Execution execution,
            VersionRows known,
            UniversalTimestamp at,
            CommitEffects effects) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        ObjectNode input = Restarter.input(transaction::find, id);
        String why = known.why(input, written(transaction, id, known));
        if (why != null) {
            return Result.no(why);
        }
        move(transaction, execution, known, input, at, effects);
        return new Result(true, null, false);
    }

    /** What finished tasks wrote, by key. */
    private static ObjectNode written(ReadTransaction transaction, UniversalUuid id, VersionRows known) {
        ObjectNode values = JsonContext.empty();
        for (ContextStore.Patch patch : transaction.list(ContextStore.WRITTEN, id)) {
            if (known.isCompleted(patch.taskName())) {
                JsonContext.apply(
                        JsonContext.parse(patch.json(), "task '" + patch.taskName() + "' of execution " + id), values);
            }
        }
        return values;
    }

    private void move(
            WriteTransaction transaction,
            Execution execution,
            VersionRows known,
            ObjectNode input,
            UniversalTimestamp at,
            CommitEffects effects) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        Workflow workflow = known.workflow();
        List<VersionStore.Change> changes = new ArrayList<>();
        for (VersionStore.Task row : known.unfinished()) {
            TaskDefinition task = workflow.task(row.name()).orElseThrow();
            changes.add(new VersionStore.Change(
                    row.id(),
                    workflow.version(),
                    workflow.ruleJson(task.position()),
                    workflow.configurationJson(task.position()),
                    // The attempts that it has left are those of the other policy; what was given back counts as
                    // before.
                    Math.max(
                            Math.max(1, row.attempt()),
                            row.maxAttempts()
                                    - RuleJson.maxAttempts(row.configuration())
                                    + task.retry().maxAttempts()),
                    execution.priority() + task.priority(),
                    row.status() == TaskStatus.WAITING ? row.limitKeys() : LimitKeys.of(workflow, task, input),
                    at));
            if (row.status() == TaskStatus.READY) {
                effects.ready(workflow, execution.priority() + task.priority());
            }
        }
        transaction.batch(VersionStore.CHANGE_TASK, changes);
        transaction.batch(
                VersionStore.CHANGE_ELEMENT,
                known.unfinishedElements().stream()
                        .map(row -> new VersionStore.ElementChange(row.id(), workflow.version(), at))
                        .toList());
        known.unfinishedElements().forEach(row -> effects.ready(workflow, execution.priority()));
        List<TaskDefinition> added = known.added();
        transaction.batch(
                TaskStore.INSERT,
                added.stream()
                        .map(task -> added(execution, known, task, input, at, effects))
                        .toList());
        transaction.run(
                VersionStore.CHANGE_EXECUTION,
                new VersionStore.ExecutionChange(
                        id, execution.version(), workflow.version(), known.lastUnfinished(), at));
        if (execution.status() == ExecutionStatus.PAUSED) {
            transaction.run(ReadyStore.PAUSE, new ReadyStore.At(id, at));
        }
        transaction.run(
                RunnerStore.INSERT_EVENT,
                new RunnerStore.NewEvent(
                        UniversalUuid.v7(), id, null, RecoveryType.VERSION_CHANGED, details(execution, known), at));
        List<TaskDefinition> decided = added.stream()
                .filter(task -> known.remaining(task) == 0 && startOf(execution, task, at) == null)
                .toList();
        planner.decideAdded(transaction, id, workflow, decided, execution.priority(), at, effects);
    }

    /** When a task may start that depends on nothing, if that is later; null for any other. */
    private static @Nullable UniversalTimestamp startOf(
            Execution execution, TaskDefinition task, UniversalTimestamp at) {
        Instant start = execution.startAfter();
        return start != null && task.dependencies().isEmpty() && start.isAfter(at.toInstant())
                ? UniversalTimestamp.of(start)
                : null;
    }

    private static String details(Execution execution, VersionRows known) {
        ObjectNode details = JsonContext.empty()
                .put("from", execution.version())
                .put("to", known.workflow().version());
        if (!known.added().isEmpty()) {
            var names = details.putArray("added");
            known.added().forEach(task -> names.add(task.name()));
        }
        return details.toString();
    }

    private static TaskStore.NewTask added(
            Execution execution,
            VersionRows known,
            TaskDefinition task,
            ObjectNode input,
            UniversalTimestamp at,
            CommitEffects effects) {
        UniversalTimestamp start = startOf(execution, task, at);
        if (start != null) {
            effects.due(start);
        }
        return new TaskStore.NewTask(
                UniversalUuid.v7(),
                UniversalUuid.of(execution.id()),
                known.workflow(),
                task.position(),
                start == null ? TaskStatus.NOT_STARTED : TaskStatus.READY,
                known.remaining(task),
                known.unmet(task),
                execution.priority() + task.priority(),
                start,
                null,
                LimitKeys.of(known.workflow(), task, input),
                at);
    }
}
