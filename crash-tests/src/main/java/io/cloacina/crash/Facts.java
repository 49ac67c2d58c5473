package io.cloacina.crash;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.crash.History.Kind;
import io.cloacina.crash.History.Line;
import io.cloacina.crash.Tables.ExecutionRow;
import io.cloacina.crash.Tables.TaskRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What the tables and the histories say, in the order in which it is asked for.
 *
 * @param tasks of each execution, by their names, runs for elements too
 * @param starts of the body of each attempt
 * @param retried executions that were, or may have been, opened again
 */
record Facts(
        Map<String, WorkflowDefinition> workflows,
        Map<UUID, ExecutionRow> executions,
        Map<UUID, Map<String, TaskRow>> tasks,
        Map<UUID, TaskRow> tasksById,
        Map<Verdict.Try, List<Line>> starts,
        Set<UUID> retried) {
    static Facts of(Tables tables, List<Line> history) {
        Facts facts = new Facts(
                new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashSet<>());
        MixedWorkflows.of((context, work) -> {}).forEach(workflow -> facts.workflows.put(workflow.name(), workflow));
        tables.executions().forEach(execution -> facts.executions.put(execution.id(), execution));
        for (TaskRow task : tables.tasks()) {
            facts.tasks
                    .computeIfAbsent(task.execution(), absent -> new HashMap<>())
                    .put(task.name(), task);
            facts.tasksById.put(task.id(), task);
        }
        for (Line line : history) {
            if (line.kind() == Kind.STARTED) {
                facts.starts
                        .computeIfAbsent(Verdict.attempt(line), absent -> new ArrayList<>())
                        .add(line);
            } else if (line.kind() == Kind.RETRYING) {
                facts.retried.add(Verdict.id(line));
            }
        }
        return facts;
    }

    Map<String, TaskRow> tasksOf(UUID execution) {
        return tasks.getOrDefault(execution, Map.of());
    }

    /** The definition of a task, or of the one that it is a run for an element of. */
    Optional<TaskDefinition> definition(TaskRow task) {
        return definition(task.execution(), task.definedName());
    }

    Optional<TaskDefinition> definition(UUID execution, String task) {
        ExecutionRow row = executions.get(execution);
        WorkflowDefinition workflow = row == null ? null : workflows.get(row.workflow());
        return workflow == null ? Optional.empty() : workflow.task(task);
    }

    boolean isOf(UUID execution, String workflow) {
        ExecutionRow row = executions.get(execution);
        return row != null && row.workflow().equals(workflow);
    }

    /** When the first body of any attempt of a task began, in microseconds; nothing if none did. */
    Optional<Long> begin(TaskRow task) {
        for (int attempt = 1; attempt <= task.attempt(); attempt++) {
            List<Line> began = starts.get(new Verdict.Try(task.execution(), task.name(), attempt));
            if (began != null) {
                return Optional.of(began.get(0).micros());
            }
        }
        return Optional.empty();
    }
}
