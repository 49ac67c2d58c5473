package io.cloacina.engine.internal.claim;

import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/**
 * A runner's right to one attempt of one task. Every change of the task's row is guarded by it.
 *
 * @param attempt counts claims, so that no two are equal; users see {@link #run} instead
 * @param waits how many of the earlier claims ended by waiting
 * @param readyAt since when the task was ready; null if it was claimed when it became ready
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

    /** The number of the attempt as users see it: a claim that continues after a wait belongs to the same attempt. */
    public int run() {
        return attempt - waits;
    }

    /** How often the task has failed if this attempt fails: attempts that were given back or recovered do not count. */
    public int failures(int attemptsOfPolicy) {
        return Math.max(1, attempt - (maxAttempts - attemptsOfPolicy));
    }
}
