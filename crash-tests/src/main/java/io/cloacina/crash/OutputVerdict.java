package io.cloacina.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.cloacina.api.FanOut;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.crash.History.Line;
import io.cloacina.crash.Tables.OutputRow;
import io.cloacina.crash.Tables.TaskRow;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether what tasks put out is of the attempt that completed them, of their child, or of all their elements in order. */
final class OutputVerdict {
    private final Tables tables;
    private final Facts facts;
    private final Violations violations;
    private final Map<UUID, TreeMap<Integer, TaskRow>> elements = new HashMap<>();

    OutputVerdict(Tables tables, Facts facts, Violations violations) {
        this.tables = tables;
        this.facts = facts;
        this.violations = violations;
        for (TaskRow task : tables.tasks()) {
            UUID parent = task.parentTask();
            Integer index = task.elementIndex();
            if (parent != null && index != null) {
                elements.computeIfAbsent(parent, absent -> new TreeMap<>()).put(index, task);
            }
        }
    }

    void check() {
        Set<String> written = new HashSet<>();
        for (OutputRow output : tables.outputs()) {
            TaskRow task = facts.tasksOf(output.execution()).get(output.task());
            if (!written.add(output.execution() + " " + output.task())) {
                violations.add("there are two outputs of task '%s' of %s", output.task(), output.execution());
            }
            if (task == null || task.status() != TaskStatus.COMPLETED) {
                violations.add(
                        "there is an output of task '%s' of %s, which is %s", output.task(), output.execution(), task);
                continue;
            }
            isOf(task, Verdict.parsed(output.json()));
        }
        for (TaskRow task : tables.tasks()) {
            if (task.status() == TaskStatus.COMPLETED && !written.contains(task.execution() + " " + task.name())) {
                violations.add("the output of task '%s' of execution %s is lost", task.name(), task.execution());
            }
        }
    }

    private void isOf(TaskRow task, JsonNode json) {
        TaskDefinition definition = facts.definition(task).orElse(null);
        if (definition == null) {
            violations.add("%s is of no task of its workflow", task);
            return;
        }
        JsonNode value = json.path(definition.name());
        if (definition.fanOut().isPresent() && !task.isElement()) {
            isOfAllElements(task, definition.fanOut().get(), value);
        } else if (definition.child().isPresent()) {
            if (definition.child().get().take() == null) {
                isOfChild(task, value);
            }
        } else {
            isOfItsAttempt(task, task.isElement() ? value.path("by") : value);
            isChained(task, definition, json);
        }
    }

    private void isOfItsAttempt(TaskRow task, JsonNode value) {
        String by = value.asText();
        List<Line> began =
                facts.starts().getOrDefault(new Verdict.Try(task.execution(), task.name(), task.attempt()), List.of());
        if (began.stream().noneMatch(line -> by.equals(line.process() + "/" + task.attempt()))) {
            violations.add(
                    "the output of task '%s' of %s is of %s (process/attempt), and attempt %d completed it",
                    task.name(), task.execution(), by, task.attempt());
        }
    }

    private void isChained(TaskRow task, TaskDefinition definition, JsonNode json) {
        if (facts.isOf(task.execution(), MixedWorkflows.CHAIN) && json.path("n").asInt() != definition.position() + 1) {
            violations.add("task '%s' of chain %s did not see what was written before", task.name(), task.execution());
        }
    }

    private void isOfChild(TaskRow task, JsonNode value) {
        if (!value.path("token").asText().startsWith(task.execution() + "/" + task.name() + "/")) {
            violations.add("task '%s' of %s put out what its child did not: %s", task.name(), task.execution(), value);
        }
    }

    private void isOfAllElements(TaskRow task, FanOut fanOut, JsonNode all) {
        TreeMap<Integer, TaskRow> runs = elements.getOrDefault(task.id(), new TreeMap<>());
        if (!all.isArray() || all.size() != runs.size()) {
            violations.add("%s of %s has %d runs and put out %s", task, task.execution(), runs.size(), all);
            return;
        }
        for (int i = 0; i < all.size(); i++) {
            TaskRow run = runs.get(i);
            boolean hasCompleted = run != null && run.status() == TaskStatus.COMPLETED;
            JsonNode value = fanOut.isCollecting() ? all.get(i).path("value") : all.get(i);
            boolean fits = hasCompleted
                    ? isOfElement(run, i, value)
                    : fanOut.isCollecting()
                            && value.isNull()
                            && all.get(i).path("error").isTextual();
            if (!fits) {
                violations.add(
                        "element %d of '%s' of %s is %s, and its run %s",
                        i, task.name(), task.execution(), all.get(i), run);
            }
        }
    }

    private static boolean isOfElement(@Nullable TaskRow run, int index, JsonNode value) {
        if (run == null) {
            return false;
        }
        // With a child it is what that put out.
        return value.has("element")
                ? value.path("element").asInt(-1) == index
                : value.path("token").asText().startsWith(run.execution() + "/" + run.name() + "/");
    }
}
