package io.cloacina.engine.model;

import io.cloacina.api.BulkOperationState;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bulk operation, as it was when it was read.
 *
 * @param action the action; its reason, or the task to restart from, is {@code encrypted} if this process lacks the key
 * @param query the conditions that select the executions, in words
 * @param expected how many executions matched when it was started, counted up to 2,000; their number may change
 * @param done how many executions the action was applied to
 * @param skipped how many executions were skipped, because their state did not allow the action when they were reached
 * @param children how many matching executions were left alone because they are children of other executions
 * @param failed how many executions the action failed for, for another reason
 * @param firstSkipped the first skipped execution, and why; null if there is none
 * @param firstFailed the first execution that the action failed for, and why; null if there is none
 * @param requestedBy the requester, as given at the start; null if none was given
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
    /** Whether it was completed or stopped. */
    public boolean isEnded() {
        return state != BulkOperationState.RUNNING;
    }
}
