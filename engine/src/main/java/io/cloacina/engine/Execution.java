package io.cloacina.engine;

import io.cloacina.schema.tables.ExecutionStatus;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One run of a workflow, as it was when it was read. {@code error} says why it failed. */
public record Execution(
        UUID id,
        String workflow,
        String version,
        ExecutionStatus status,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable String error) {
    /** Whether nothing of it will run any more. */
    public boolean isFinished() {
        return switch (status) {
            case COMPLETED, FAILED, CANCELLED -> true;
            case PENDING, RUNNING, PAUSED -> false;
        };
    }
}
