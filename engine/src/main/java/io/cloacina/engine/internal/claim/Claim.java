package io.cloacina.engine.internal.claim;

import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/**
 * A runner's right to one attempt of one task execution: what every change of that task must name.
 *
 * @param attempt counts claims, so that no two are alike; to people it is told as {@link #run}
 * @param waits how many of the claims before it ended by waiting
 * @param readyAt since when the task had been ready; null if it was claimed when it became ready
 */
public record Claim(
        UniversalUuid task,
        UniversalUuid execution,
        String taskName,
        int attempt,
        int maxAttempts,
        int waits,
        UniversalUuid runner,
        @Nullable UniversalTimestamp readyAt,
        UniversalTimestamp startedAt) {
    /** A claim of a task that has just become ready. */
    public Claim(
            UniversalUuid task,
            UniversalUuid execution,
            String taskName,
            int attempt,
            int maxAttempts,
            int waits,
            UniversalUuid runner,
            UniversalTimestamp startedAt) {
        this(task, execution, taskName, attempt, maxAttempts, waits, runner, null, startedAt);
    }

    /** The number of the attempt as people count: a claim that continues after a wait is the same attempt still. */
    public int run() {
        return attempt - waits;
    }

    /** How often the task has failed when this attempt fails: attempts given back or recovered are no failures. */
    public int failures(int attemptsOfPolicy) {
        return Math.max(1, attempt - (maxAttempts - attemptsOfPolicy));
    }
}
