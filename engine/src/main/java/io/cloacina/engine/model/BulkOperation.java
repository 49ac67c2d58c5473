package io.cloacina.engine.model;

import io.cloacina.api.BulkOperationState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is done to all executions that a search found, as it was when it was read.
 *
 * @param action what is done to them; its reason, or the task to restart from, is {@code encrypted} if this process lacks the key
 * @param query what the executions must fulfil, in words
 * @param expected how many matched when it began, counted up to 2,000; some may have changed since
 * @param done how many it was done to
 * @param skipped how many it was not done to, because their state did not allow it when they were reached
 * @param children how many matched that are children of other executions, and were not touched
 * @param failed how many it could not be done to for another reason
 * @param firstSkipped the first of those that were skipped, and why; null for none
 * @param firstFailed the first of those that failed, and why; null for none
 * @param requestedBy who asked for it, as they said; null if they said nothing
 * @param endedAt when it was completed or stopped; null while it is running
 */
public record BulkOperation(
        UUID id,
        BulkAction action,
        String query,
        BulkOperationState state,
        Count expected,
        int done,
        int skipped,
        int children,
        int failed,
        @Nullable String firstSkipped,
        @Nullable String firstFailed,
        @Nullable String requestedBy,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant endedAt) {
    /** Whether nothing more will come of it. */
    public boolean isEnded() {
        return state != BulkOperationState.RUNNING;
    }
}
