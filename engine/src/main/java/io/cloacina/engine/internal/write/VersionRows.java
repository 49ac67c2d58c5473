package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Inputs;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.StoredDefinition;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.json.RuleJson;
import io.cloacina.engine.internal.store.VersionStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of an execution's tasks, compared with the version with which the execution is to continue. */
final class VersionRows {
    private final Workflow workflow;
    private final Map<String, VersionStore.Task> tasks = new LinkedHashMap<>();
    private final List<VersionStore.Task> elements = new ArrayList<>();

    VersionRows(List<VersionStore.Task> rows, Workflow workflow) {
        this.workflow = workflow;
        for (VersionStore.Task row : rows) {
            if (row.isElement()) {
                elements.add(row);
            } else {
                tasks.put(row.name(), row);
            }
        }
    }

    Workflow workflow() {
        return workflow;
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
        return (int)
                task.dependencies().stream().filter(name -> !isFinished(name)).count();
    }

    /** How many dependencies of a task ended without completing. */
    int unmet(TaskDefinition task) {
        return (int) task.dependencies().stream()
                .filter(name -> isFinished(name) && !isCompleted(name))
                .count();
    }

    /** How many unfinished tasks there are on which no other unfinished task depends. */
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
            Optional<StoredDefinition.Task> now = workflow.definition()
                    .task(row.name())
                    .map(task -> workflow.stored().tasks().get(task.position()));
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
                : "task " + Arguments.shown(task.name()) + " cannot read what was written before: " + problems.get(0);
    }

    /** The first reason why the version does not accept the input, or the limits of waiting tasks; null if it does. */
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
