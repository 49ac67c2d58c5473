package io.cloacina.engine.internal.claim;

import io.cloacina.schema.type.UniversalUuid;

/** A runner's right to one attempt of one task execution: what every change of that task must name. */
public record Claim(
        UniversalUuid task,
        UniversalUuid execution,
        String taskName,
        int attempt,
        int maxAttempts,
        UniversalUuid runner) {
    /** How often the task has failed when this attempt fails: attempts given back or recovered are no failures. */
    public int failures(int attemptsOfPolicy) {
        return Math.max(1, attempt - (maxAttempts - attemptsOfPolicy));
    }
}
