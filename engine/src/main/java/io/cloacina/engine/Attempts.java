package io.cloacina.engine;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.store.AttemptStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The attempts of an execution: the stored ones, and for each task the last one, which is in the task's own row. */
final class Attempts {
    private Attempts() {}

    static List<TaskAttempt> of(ReadTransaction transaction, UniversalUuid execution) {
        Map<UUID, List<TaskAttempt>> stored = new HashMap<>();
        transaction
                .list(AttemptStore.OF, execution)
                .forEach(each -> stored.computeIfAbsent(each.task(), absent -> new ArrayList<>())
                        .add(each.attempt()));
        Map<UUID, AttemptStore.Holder> holders = new HashMap<>();
        transaction.list(AttemptStore.HOLDERS, execution).forEach(holder -> holders.put(holder.task(), holder));
        List<TaskAttempt> all = new ArrayList<>();
        for (HistoryStore.StoredTask each : transaction.list(HistoryStore.TASKS, execution)) {
            TaskExecution task = each.task();
            List<TaskAttempt> ended = stored.getOrDefault(task.id(), List.of());
            all.addAll(ended);
            int last = ended.isEmpty() ? 0 : ended.get(ended.size() - 1).attempt();
            TaskAttempt latest = latest(task, last, holders.get(task.id()));
            if (latest != null) {
                all.add(latest);
            }
        }
        return List.copyOf(all);
    }

    /** The last attempt of a task, from the task's own row; null if that attempt is already among the stored ones. */
    static @Nullable TaskAttempt latest(TaskExecution task, int last, AttemptStore.@Nullable Holder holder) {
        Instant startedAt = task.startedAt();
        return startedAt != null && task.attempt() > last && !isOpenedAgain(task)
                ? latest(task, startedAt, holder)
                : null;
    }

    /** Whether the columns for the last attempt in the task's row already belong to the next attempt. */
    private static boolean isOpenedAgain(TaskExecution task) {
        return task.status() == TaskStatus.NOT_STARTED
                || (task.status() == TaskStatus.READY && task.waitsFor() != WaitKind.CHILDREN);
    }

    private static TaskAttempt latest(TaskExecution task, Instant startedAt, AttemptStore.@Nullable Holder holder) {
        AttemptStore.RunnerProcess process = holder == null ? null : holder.process();
        AttemptOutcome outcome = outcome(task);
        return new TaskAttempt(
                task.name(),
                task.attempt(),
                outcome,
                holder == null ? null : holder.runner(),
                process == null ? null : process.host(),
                process == null ? null : process.pid(),
                startedAt,
                task.completedAt(),
                outcome == null || outcome == AttemptOutcome.COMPLETED ? null : task.error());
    }

    private static @Nullable AttemptOutcome outcome(TaskExecution task) {
        return switch (task.status()) {
            case COMPLETED -> AttemptOutcome.COMPLETED;
            case FAILED -> AttemptOutcome.FAILED;
            case SKIPPED -> AttemptOutcome.SKIPPED;
            case CANCELLED -> AttemptOutcome.CANCELLED;
            case NOT_STARTED, READY, RUNNING, WAITING -> null;
        };
    }
}
