package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import java.util.List;
import java.util.Map;

/**
 * What a bulk operation would do now.
 *
 * @param matching how many executions fulfil the query, counted up to 2,000
 * @param fitting of those that were counted, how many it would be done to, by state
 * @param skipped those whose state does not allow it, by state
 * @param children those that are children of other executions: they are not touched beside their parents
 * @param newest the newest of those it would be done to, at most five
 */
public record BulkPreview(
        Count matching,
        Map<ExecutionStatus, Integer> fitting,
        Map<ExecutionStatus, Integer> skipped,
        int children,
        List<Execution> newest) {}
