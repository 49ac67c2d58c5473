package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run of a workflow, as it was when it was read. {@code startAfter} is when it may start at the earliest, {@code
 * error} is why it failed, {@code recoveries} counts the tasks that were recovered from dead runners, {@code
 * restartedFrom} is the execution of which it is a restart, and which may have been removed since, {@code deadline} is
 * when what is active fails, and {@code stoppedAt} is when it did, for that reason or because the execution was {@linkplain
 * Cancel#withCompensation() cancelled}. {@code continuedAs} is its successor, and {@code continuedFrom} that of which it is the
 * successor: see {@link io.cloacina.api.TaskContext#continueAs}; either may have been removed since.
 */
public record Execution(
        UUID id,
        String workflow,
        String version,
        ExecutionStatus status,
        int priority,
        @Nullable String idempotencyKey,
        Instant createdAt,
        @Nullable Instant startAfter,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable String pauseReason,
        int recoveries,
        @Nullable String error,
        @Nullable UUID restartedFrom,
        @Nullable Instant deadline,
        @Nullable Instant stoppedAt,
        @Nullable UUID continuedFrom,
        @Nullable UUID continuedAs) {
    /** Whether no task of it will run any more, unless it is retried. */
    public boolean isFinished() {
        return switch (status) {
            case COMPLETED, FAILED, CANCELLED -> true;
            case PENDING, RUNNING, PAUSED -> false;
        };
    }
}
