package io.cloacina.benchmarks.crash;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.benchmarks.crash.History.Line;
import io.cloacina.benchmarks.crash.Tables.ExecutionRow;
import io.cloacina.benchmarks.crash.Tables.TaskRow;
import io.cloacina.schema.tables.TaskStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether tasks are as their dependencies, their rules and the history say. */
final class TaskVerdict {
    private final Map<UUID, ExecutionRow> executions;
    private final Map<String, WorkflowDefinition> workflows;
    private final Map<Verdict.Try, List<Line>> starts;
    private final Set<UUID> retried;
    private final Violations violations;

    TaskVerdict(
            Map<UUID, ExecutionRow> executions,
            Map<String, WorkflowDefinition> workflows,
            Map<Verdict.Try, List<Line>> starts,
            Set<UUID> retried,
            Violations violations) {
        this.executions = executions;
        this.workflows = workflows;
        this.starts = starts;
        this.retried = retried;
        this.violations = violations;
    }

    /** Takes what is wrong, as a format and its values. */
    interface Violations {
        void add(String format, @Nullable Object... values);
    }

    /** Looks at the tasks of one execution. */
    void check(UUID execution, Map<String, TaskRow> all) {
        ExecutionRow row = executions.get(execution);
        WorkflowDefinition workflow = row == null ? null : workflows.get(row.workflow());
        if (workflow == null) {
            violations.add("there are tasks of execution %s, which is not there", execution);
            return;
        }
        for (TaskDefinition definition : workflow.tasks()) {
            TaskRow task = all.get(definition.name());
            if (task != null) {
                isConsistent(definition, task, all);
            }
        }
    }

    private void isConsistent(TaskDefinition definition, TaskRow task, Map<String, TaskRow> all) {
        String name = "task '" + task.name() + "' of execution " + task.execution();
        if (task.claimedBy() != null) {
            violations.add("%s is claimed at the end: %s", name, task);
        }
        if (task.status() == TaskStatus.CANCELLED) {
            return;
        }
        long unmet = definition.dependencies().stream()
                .map(all::get)
                .filter(before -> before != null && before.status() != TaskStatus.COMPLETED)
                .count();
        if (task.dependenciesRemaining() != 0) {
            violations.add("%s has ended and waits for dependencies: %s", name, task);
        }
        boolean isUsual = definition.rule() instanceof TriggerRule.DependenciesCompleted;
        boolean mayRun = isUsual ? unmet == 0 : mayRun(definition, all);
        if (!isUsual && retried.contains(task.execution())) {
            // What it was decided by may have changed when its execution was retried.
            return;
        }
        boolean ran = task.status() == TaskStatus.COMPLETED || task.status() == TaskStatus.FAILED;
        if (ran != mayRun) {
            violations.add(
                    "%s is %s, which does not follow from its dependencies: %s", name, task.status(), all.values());
        }
        if (task.dependenciesUnmet() > unmet) {
            violations.add("%s counts more unmet dependencies than there are, %d: %s", name, unmet, task);
        }
        if (ran) {
            beganAfterItsDependencies(definition, task, all);
        }
    }

    /** The rules that these workflows have besides the usual one. */
    private static boolean mayRun(TaskDefinition definition, Map<String, TaskRow> all) {
        if (definition.rule() instanceof TriggerRule.Always) {
            return true;
        }
        TaskRow flaky = all.get("flaky");
        return flaky != null && flaky.status() == TaskStatus.FAILED;
    }

    /** By the clock of this machine: the last start of the body, and the commits before it. */
    private void beganAfterItsDependencies(TaskDefinition definition, TaskRow task, Map<String, TaskRow> all) {
        List<Line> began = starts.get(new Verdict.Try(task.execution(), task.name(), task.attempt()));
        if (began == null) {
            if (task.status() == TaskStatus.COMPLETED) {
                violations.add(
                        "task '%s' of %s completed in an attempt that never began", task.name(), task.execution());
            }
            return;
        }
        if (retried.contains(task.execution())) {
            return;
        }
        long micros = began.get(0).micros();
        for (String name : definition.dependencies()) {
            TaskRow before = all.get(name);
            if (before != null
                    && before.completedAt() != null
                    && before.completedAt().epochMicros() > micros) {
                violations.add("task '%s' of %s began before '%s' ended", task.name(), task.execution(), name);
            }
        }
    }
}
