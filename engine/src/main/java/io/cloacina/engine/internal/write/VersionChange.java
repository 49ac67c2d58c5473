package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.RuleJson;
import io.cloacina.engine.internal.store.ContextStore;
import io.cloacina.engine.internal.store.ControlStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.internal.store.VersionStore;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets an execution continue with another version of its workflow, if each of its unfinished tasks is in that version,
 * with the same dependencies, rule and kind, and can read what finished tasks wrote. Tasks that only the other version
 * has are added, and decided at once if all their dependencies have ended.
 *
 * <p>All of it is one transaction, which locks all unfinished tasks first: no task of the execution runs meanwhile, and
 * none is claimed.
 */
public final class VersionChange {
    private final Planner planner;

    VersionChange(Planner planner) {
        this.planner = planner;
    }

    /**
     * The result; {@code why} says why the execution keeps its version, and {@code isForNow} whether this may change.
     */
    public record Result(boolean isChanged, @Nullable String why, boolean isForNow) {
        /** The execution has ended, or has another version already. */
        private static final Result DONE = new Result(false, null, false);

        private static Result no(String why) {
            return new Result(false, why, false);
        }
    }

    /** Changes the version of an execution, unless another transaction has done so, or returns why it cannot. */
    public Result change(UnitOfWork work, UniversalUuid id, String before, Workflow workflow) {
        Execution execution = locked(work, id).orElse(null);
        if (execution == null || execution.isFinished() || !execution.version().equals(before)) {
            return Result.DONE;
        }
        List<VersionStore.Task> rows = work.list(VersionStore.TASKS, id);
        if (rows.stream().anyMatch(row -> row.status() == TaskStatus.RUNNING)) {
            return new Result(false, "a task of it runs", true);
        }
        return change(work, execution, new VersionRows(rows, workflow));
    }

    /**
     * Migrates an execution to a version, or throws why it cannot. Does nothing if it has that version.
     *
     * @param workflow with its code or without
     */
    public void migrate(UnitOfWork work, UniversalUuid id, Workflow workflow) {
        Execution execution = locked(work, id).orElseThrow(() -> new UnknownExecutionException(id.value()));
        if (execution.isFinished()) {
            throw new ExecutionStateException(execution, "migrated", "it has ended");
        } else if (execution.version().equals(workflow.version())) {
            return;
        }
        List<VersionStore.Task> rows = work.list(VersionStore.TASKS, id);
        for (VersionStore.Task row : rows) {
            if (row.status() == TaskStatus.RUNNING) {
                throw new ExecutionStateException(
                        execution,
                        "migrated",
                        "its task " + Arguments.shown(row.name()) + " runs; try again when that has ended");
            }
        }
        Result result = change(work, execution, new VersionRows(rows, workflow));
        if (!result.isChanged) {
            throw new CloacinaException(
                    ErrorCodes.INCOMPATIBLE_VERSION,
                    "execution " + id + " has version " + execution.version() + " of workflow "
                            + Arguments.shown(execution.workflow()) + " and cannot continue with version "
                            + workflow.version() + ": " + result.why);
        }
        work.effects().othersShouldLook();
    }

    /** Why an execution could not continue with a version, in the present state of both; empty if it could. */
    public Optional<String> whyNot(ReadTransaction transaction, UniversalUuid id, Workflow workflow) {
        VersionRows known = new VersionRows(transaction.list(VersionStore.TASKS, id), workflow);
        return Optional.ofNullable(known.why(Restarter.input(transaction::find, id), written(transaction, id, known)));
    }

    private static Optional<Execution> locked(UnitOfWork work, UniversalUuid id) {
        work.run(VersionStore.LOCK_TASKS, new ExecutionStore.At(id, work.at()));
        return work.find(HistoryStore.FIND, id);
    }

    private Result change(UnitOfWork work, Execution execution, VersionRows known) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        ObjectNode input = Restarter.input(work::find, id);
        String why = known.why(input, written(work.transaction(), id, known));
        if (why != null) {
            return Result.no(why);
        }
        move(work, execution, known, input);
        return new Result(true, null, false);
    }

    /** What completed tasks wrote, by key. */
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

    private void move(UnitOfWork work, Execution execution, VersionRows known, ObjectNode input) {
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
                    // The attempts left are counted by the policy of the other version; attempts that were given back
                    // still count as before.
                    Math.max(
                            Math.max(1, row.attempt()),
                            row.maxAttempts()
                                    - RuleJson.maxAttempts(row.configuration())
                                    + task.retry().maxAttempts()),
                    execution.priority() + task.priority(),
                    row.status() == TaskStatus.WAITING ? row.limitKeys() : LimitKeys.of(workflow, task, input),
                    work.at()));
            if (row.status() == TaskStatus.READY) {
                work.effects().ready(workflow, execution.priority() + task.priority());
            }
        }
        work.batch(VersionStore.CHANGE_TASK, changes);
        work.batch(
                VersionStore.CHANGE_ELEMENT,
                known.unfinishedElements().stream()
                        .map(row -> new VersionStore.ElementChange(row.id(), workflow.version(), work.at()))
                        .toList());
        known.unfinishedElements().forEach(row -> work.effects().ready(workflow, execution.priority()));
        List<TaskDefinition> added = known.added();
        work.batch(
                TaskStore.INSERT,
                added.stream()
                        .map(task -> added(work, execution, known, task, input))
                        .toList());
        work.run(
                VersionStore.CHANGE_EXECUTION,
                new VersionStore.ExecutionChange(
                        id, execution.version(), workflow.version(), known.lastUnfinished(), work.at()));
        if (execution.status() == ExecutionStatus.PAUSED) {
            work.run(ControlStore.PAUSE, new ControlStore.At(id, work.at()));
        }
        work.run(
                RunnerStore.INSERT_EVENT,
                new RunnerStore.NewEvent(
                        UniversalUuid.v7(),
                        id,
                        null,
                        RecoveryType.VERSION_CHANGED,
                        details(execution, known),
                        work.at()));
        List<TaskDefinition> decided = added.stream()
                .filter(task -> known.remaining(task) == 0 && startOf(execution, task, work.at()) == null)
                .toList();
        planner.decideAdded(work, id, workflow, decided, execution.priority());
    }

    /** When a root may start, if that is later than now; null for any other task. */
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
            UnitOfWork work, Execution execution, VersionRows known, TaskDefinition task, ObjectNode input) {
        UniversalTimestamp start = startOf(execution, task, work.at());
        if (start != null) {
            work.effects().due(start);
        }
        return AddedTask.of(
                        UniversalUuid.v7(),
                        UniversalUuid.of(execution.id()),
                        known.workflow(),
                        task,
                        start == null ? TaskStatus.NOT_STARTED : TaskStatus.READY,
                        known.remaining(task),
                        known.unmet(task),
                        execution.priority(),
                        LimitKeys.of(known.workflow(), task, input),
                        work.at())
                .due(start);
    }
}
