package io.cloacina.crash;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.Wait;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.crash.History.Line;
import io.cloacina.crash.Tables.ExecutionRow;
import io.cloacina.crash.Tables.TaskRow;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Whether tasks are as their dependencies, their rules and the history say. */
final class TaskVerdict {
    private final Facts facts;
    private final Violations violations;

    TaskVerdict(Facts facts, Violations violations) {
        this.facts = facts;
        this.violations = violations;
    }

    /** Looks at the tasks of one execution. */
    void check(UUID execution, Map<String, TaskRow> all) {
        ExecutionRow row = facts.executions().get(execution);
        WorkflowDefinition workflow = row == null ? null : facts.workflows().get(row.workflow());
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
        if (!isUsual && facts.retried().contains(task.execution())) {
            // What it was decided by may have changed when its execution was retried.
            return;
        }
        boolean maySkip = definition.waitsFor().orElse(null) instanceof Wait.Signal signal
                && signal.within() != null
                && !signal.isOptional();
        if (maySkip && mayRun && task.status() == TaskStatus.SKIPPED) {
            // Its signal did not come.
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
        List<Line> began = facts.starts().get(new Verdict.Try(task.execution(), task.name(), task.attempt()));
        if (began == null) {
            // What waited for children took up their results without a body.
            boolean hasWaited =
                    definition.child().isPresent() || definition.fanOut().isPresent();
            if (task.status() == TaskStatus.COMPLETED && !hasWaited) {
                violations.add(
                        "task '%s' of %s completed in an attempt that never began", task.name(), task.execution());
            }
            return;
        }
        if (facts.retried().contains(task.execution())) {
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
