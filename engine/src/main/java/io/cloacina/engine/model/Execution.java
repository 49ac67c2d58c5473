package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run of a workflow, as it was when it was read. {@code startAfter} is the earliest instant at which it may start.
 * {@code error} is the reason why it failed. {@code recoveries} counts the tasks that were recovered from dead runners.
 * {@code restartedFrom} is the execution that was restarted as this one. {@code deadline} is the instant at which
 * active tasks fail. {@code stoppedAt} is when they did, by the deadline or by a {@linkplain Cancel#withCompensation()
 * cancellation with compensation}. {@code continuedAs} is the successor of this execution, and {@code continuedFrom}
 * its predecessor, see {@link io.cloacina.api.TaskContext#continueAs}. The executions that it names may have been
 * deleted since.
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
    /** Whether none of its tasks will run any more, unless it is retried. */
    public boolean isFinished() {
        return status.isFinished();
    }
}
