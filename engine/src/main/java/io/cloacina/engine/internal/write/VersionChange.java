package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Inputs;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.StoredDefinition;
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
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
        transaction.run(VersionStore.HOLD_TASKS, new ExecutionStore.At(id, at));
        Execution execution = transaction.find(HistoryStore.FIND, id).orElse(null);
        if (execution == null || execution.isFinished() || !execution.version().equals(before)) {
            return Result.DONE;
        }
        List<VersionStore.Task> rows = transaction.list(VersionStore.TASKS, id);
        if (rows.stream().anyMatch(row -> row.status() == TaskStatus.RUNNING)) {
            return new Result(false, "a task of it runs", true);
        }
        Rows known = new Rows(rows, workflow);
        ObjectNode input = transaction
                .find(ContextStore.INPUT_OF, id)
                .map(json -> JsonContext.parse(json, "execution " + id))
                .orElseGet(JsonContext::empty);
        String why = known.why(input, written(transaction, id, known));
        if (why != null) {
            return Result.no(why);
        }
        move(transaction, execution, known, input, at, effects);
        return new Result(true, null, false);
    }

    /** What finished tasks wrote, by key. */
    private static ObjectNode written(WriteTransaction transaction, UniversalUuid id, Rows known) {
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
            Rows known,
            ObjectNode input,
            UniversalTimestamp at,
            CommitEffects effects) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        Workflow workflow = known.workflow;
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

    private static String details(Execution execution, Rows known) {
        ObjectNode details =
                JsonContext.empty().put("from", execution.version()).put("to", known.workflow.version());
        if (!known.added().isEmpty()) {
            var names = details.putArray("added");
            known.added().forEach(task -> names.add(task.name()));
        }
        return details.toString();
    }

    private static TaskStore.NewTask added(
            Execution execution,
            Rows known,
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
                known.workflow,
                task.position(),
                start == null ? TaskStatus.NOT_STARTED : TaskStatus.READY,
                known.remaining(task),
                known.unmet(task),
                execution.priority() + task.priority(),
                start,
                null,
                LimitKeys.of(known.workflow, task, input),
                at);
    }

    /** The rows of an execution beside the version that it is to continue with. */
    private static final class Rows {
        private final Workflow workflow;
        private final Map<String, VersionStore.Task> tasks = new LinkedHashMap<>();
        private final List<VersionStore.Task> elements = new ArrayList<>();

        Rows(List<VersionStore.Task> rows, Workflow workflow) {
            this.workflow = workflow;
            for (VersionStore.Task row : rows) {
                if (row.isElement()) {
                    elements.add(row);
                } else {
                    tasks.put(row.name(), row);
                }
            }
        }

        boolean isCompleted(String name) {
            VersionStore.Task row = tasks.get(name);
            return row != null && row.status() == TaskStatus.COMPLETED;
        }

        private boolean isFinished(String name) {
            VersionStore.Task row = tasks.get(name);
            return row != null && row.isFinished();
        }

        List<VersionStore.Task> unfinished() {
            return tasks.values().stream().filter(row -> !row.isFinished()).toList();
        }

        List<VersionStore.Task> unfinishedElements() {
            return elements.stream().filter(row -> !row.isFinished()).toList();
        }

        /** The tasks that only the other version has, in topological order. */
        List<TaskDefinition> added() {
            return workflow.tasks().stream()
                    .filter(task -> !tasks.containsKey(task.name()))
                    .toList();
        }

        int remaining(TaskDefinition task) {
            return (int) task.dependencies().stream()
                    .filter(name -> !isFinished(name))
                    .count();
        }

        /** How many of its dependencies ended without completing. */
        int unmet(TaskDefinition task) {
            return (int) task.dependencies().stream()
                    .filter(name -> isFinished(name) && !isCompleted(name))
                    .count();
        }

        /** How many tasks are left that no other waits for. */
        int lastUnfinished() {
            Set<String> waitedFor = new HashSet<>();
            int unfinished = 0;
            for (TaskDefinition task : workflow.tasks()) {
                if (!isFinished(task.name())) {
                    waitedFor.addAll(task.dependencies());
                }
            }
            for (TaskDefinition task : workflow.tasks()) {
                if (!isFinished(task.name()) && !waitedFor.contains(task.name())) {
                    unfinished++;
                }
            }
            return unfinished;
        }

        /** The first reason why the execution cannot continue with the version; null if it can. */
        @Nullable
        String why(ObjectNode input, ObjectNode written) {
            for (VersionStore.Task row : unfinished()) {
                Optional<StoredDefinition.Task> now = workflow.stored().task(row.name());
                Optional<String> why = now.isEmpty()
                        ? Optional.of("task " + Arguments.shown(row.name()) + " was removed")
                        : VersionDifference.why(row.dependencies(), row.rule(), row.configuration(), now.get());
                if (why.isPresent()) {
                    return why.get();
                }
                if (row.status() == TaskStatus.WAITING && !limits(row).equals(limits(now.get()))) {
                    return "the limits of task " + Arguments.shown(row.name())
                            + " were changed, and it waits under those that it had";
                }
            }
            for (StoredDefinition.Task task : workflow.stored().tasks()) {
                String why = isFinished(task.name()) ? null : whyNotRead(task, written);
                if (why != null) {
                    return why;
                }
            }
            return whyNotSubmitted(input);
        }

        private static String limits(VersionStore.Task row) {
            return JsonContext.parse(row.configuration(), "task '" + row.name() + "'")
                    .path(RuleJson.LIMITS)
                    .toString();
        }

        private static String limits(StoredDefinition.Task task) {
            return task.setting(RuleJson.LIMITS).toString();
        }

        private @Nullable String whyNotRead(StoredDefinition.Task task, ObjectNode written) {
            List<String> problems = new ArrayList<>();
            task.reads().forEach((key, shape) -> {
                JsonNode value = written.get(key);
                if (value != null && !value.isNull() && (isCompleted(key) || !tasks.containsKey(key))) {
                    shape.check(value, key, problems);
                }
            });
            return problems.isEmpty()
                    ? null
                    : "task " + Arguments.shown(task.name()) + " cannot read what was written before: "
                            + problems.get(0);
        }

        /** Whether the input and the limits are as the version takes them. */
        private @Nullable String whyNotSubmitted(ObjectNode input) {
            try {
                Inputs.checkDeclared(workflow.stored(), input);
                for (TaskDefinition task : workflow.tasks()) {
                    VersionStore.Task row = tasks.get(task.name());
                    String keys = LimitKeys.of(workflow, task, input);
                    if (row != null && row.status() == TaskStatus.WAITING && !Objects.equals(keys, row.limitKeys())) {
                        return "the limits of the workflow were changed, and task " + Arguments.shown(task.name())
                                + " waits under those that it had";
                    }
                }
                return null;
            } catch (CloacinaException e) {
                return e.getMessage();
            }
        }
    }
}
