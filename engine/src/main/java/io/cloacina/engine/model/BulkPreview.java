package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import java.util.List;
import java.util.Map;

/**
 * What a bulk operation would do if it were started now.
 *
 * @param matching how many executions match the query, counted up to 2,000
 * @param fitting how many of the counted executions have a state that allows the action, by state. A retry skips those
 *     in which tasks have run after a failed one, unless it {@linkplain BulkAction#isEvenAfterCompensation includes
 *     them}: that is only determined when they are reached
 * @param skipped how many of the counted executions have a state that does not allow the action, by state
 * @param children how many of the counted executions are children: they are only changed through their parents
 * @param newest the newest of those that fit, at most five
 */
public record BulkPreview(
        Count matching,
        Map<ExecutionStatus, Integer> fitting,
        Map<ExecutionStatus, Integer> skipped,
        int children,
        List<Execution> newest) {}
