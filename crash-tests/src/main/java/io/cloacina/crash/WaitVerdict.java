package io.cloacina.crash;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.Wait;
import io.cloacina.crash.History.Kind;
import io.cloacina.crash.History.Line;
import io.cloacina.crash.Tables.ExecutionRow;
import io.cloacina.crash.Tables.TaskRow;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Whether who waited had to, and long enough: for a time, a signal, children. */
final class WaitVerdict {
    private final Tables tables;
    private final List<Line> history;
    private final Facts facts;
    private final Violations violations;
    private final Map<UUID, Long> cancelled = new HashMap<>();

    WaitVerdict(Tables tables, List<Line> history, Facts facts, Violations violations) {
        this.tables = tables;
        this.history = history;
        this.facts = facts;
        this.violations = violations;
        for (Line line : history) {
            if (line.kind() == Kind.CANCELLED) {
                cancelled.merge(Verdict.id(line), line.micros(), Math::min);
            }
        }
    }

    /** @param sights what was seen while processes were killed */
    void check(List<Glimpse.Sight> sights) {
        for (Glimpse.Sight sight : sights) {
            // Who retries a child of an execution that has ended wants it so.
            if (!facts.retried().contains(sight.execution())) {
                violations.add("execution %s %s", sight.execution(), sight.wrong());
            }
        }
        childrenAreOfTheirParents();
        signalsStay();
        tables.tasks().forEach(this::waitedAsLongAsItSaid);
        tables.tasks().forEach(this::hasNoChildrenLeft);
    }

    private void childrenAreOfTheirParents() {
        Map<UUID, ExecutionRow> last = new HashMap<>();
        for (ExecutionRow child : tables.executions()) {
            UUID parent = child.parentTask();
            TaskRow task = parent == null ? null : facts.tasksById().get(parent);
            if (task == null) {
                if (parent != null) {
                    violations.add("the task that waits for execution %s is not there", child.id());
                }
                continue;
            }
            last.merge(task.id(), child, (a, b) -> a.id().toString().compareTo(b.id().toString()) > 0 ? a : b);
            ExecutionRow its = facts.executions().get(task.execution());
            if (its != null
                    && its.completedAt() != null
                    && child.completedAt() != null
                    && !facts.retried().contains(child.id())
                    && child.completedAt().epochMicros() > childrenMayEndUntil(its, its.completedAt())) {
                violations.add("child %s ended after execution %s, of which it is one", child.id(), its.id());
            }
        }
        for (TaskRow task : tables.tasks()) {
            boolean hasChild = facts.definition(task)
                    .filter(definition -> definition.child().isPresent())
                    .filter(definition ->
                            task.isElement() || definition.fanOut().isEmpty())
                    .isPresent();
            ExecutionRow child = last.get(task.id());
            if (hasChild
                    && task.status() == TaskStatus.COMPLETED
                    && (child == null || child.status() != ExecutionStatus.COMPLETED)) {
                violations.add("%s of %s completed, and its child is %s", task, task.execution(), child);
            }
            if (!hasChild && child != null) {
                violations.add("%s of %s has the child %s", task, task.execution(), child.id());
            }
        }
    }

    /** Cancelling notes its time before it waits for children that are just ending; when it returns none is left. */
    private long childrenMayEndUntil(ExecutionRow parent, UniversalTimestamp ended) {
        return parent.status() == ExecutionStatus.CANCELLED
                ? cancelled.getOrDefault(parent.id(), Long.MAX_VALUE)
                : ended.epochMicros();
    }

    /** What {@code signal} returned for is stored, and nobody gave it up who could have had it. */
    private void signalsStay() {
        Set<Tables.SignalRow> stored = new HashSet<>(tables.signals());
        for (Line line : history) {
            if (line.kind() != Kind.SIGNALLED) {
                continue;
            }
            UUID execution = Verdict.id(line);
            if (!stored.contains(new Tables.SignalRow(execution, line.field(1)))) {
                violations.add("the signal '%s' of %s is lost", line.field(1), execution);
            }
            for (TaskRow task : facts.tasksOf(execution).values()) {
                TaskRow start = facts.tasksOf(execution).get("start");
                boolean isForIt = facts.definition(task)
                        .flatMap(TaskDefinition::waitsFor)
                        .filter(wait -> wait instanceof Wait.Signal signal
                                && signal.name().equals(line.field(1)))
                        .isPresent();
                boolean wasEarly = start != null
                        && start.completedAt() != null
                        && line.micros() < start.completedAt().epochMicros();
                if (isForIt && wasEarly && task.status() == TaskStatus.SKIPPED) {
                    violations.add("%s of %s was skipped, and its signal was there", task, execution);
                }
            }
        }
    }

    private void waitedAsLongAsItSaid(TaskRow task) {
        TaskDefinition definition = facts.definition(task).orElse(null);
        if (definition == null
                || !(definition.waitsFor().orElse(null) instanceof Wait.Sleep sleep)
                || facts.retried().contains(task.execution())) {
            return;
        }
        TaskRow before =
                facts.tasksOf(task.execution()).get(definition.dependencies().get(0));
        facts.begin(task).ifPresent(began -> {
            if (before == null
                    || before.completedAt() == null
                    || began - before.completedAt().epochMicros()
                            < sleep.length().toNanos() / 1_000) {
                violations.add("%s of %s began before it had slept for %s", task, task.execution(), sleep.length());
            }
        });
    }

    private void hasNoChildrenLeft(TaskRow task) {
        if (task.status() != TaskStatus.CANCELLED && task.childrenRemaining() != 0) {
            violations.add("%s of %s has ended and waits for children", task, task.execution());
        }
    }
}
