package io.cloacina.engine.model;

import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One task of an execution, as it was when it was read. {@code attempt} is the number of the last attempt, 0 before the
 * first. {@code readyAt} is since when the task is ready, waiting only for a runner; once it has started, it was ready
 * from {@code readyAt} to {@code startedAt} of its last attempt. {@code dueAt} is set while it waits for a retry, a
 * delayed start or a time. {@code waitsFor} is what it waits for or has waited for, and {@code signal} the name of the
 * signal. {@code dependencies} are the names of its direct dependencies. {@code error} is that of the last failed
 * attempt, or why the task was skipped.
 */
public record TaskExecution(
        UUID id,
        String name,
        TaskStatus status,
        int attempt,
        int recoveries,
        @Nullable Instant readyAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Instant dueAt,
        @Nullable WaitKind waitsFor,
        @Nullable String signal,
        List<String> dependencies,
        @Nullable String error) {
    /** Returns a copy with these dependencies. */
    public TaskExecution with(List<String> itsDependencies) {
        return new TaskExecution(
                id,
                name,
                status,
                attempt,
                recoveries,
                readyAt,
                startedAt,
                completedAt,
                dueAt,
                waitsFor,
                signal,
                List.copyOf(itsDependencies),
                error);
    }

    /** Whether it will not run any more, unless its execution is retried. */
    public boolean isFinished() {
        return status.isFinished();
    }
}
