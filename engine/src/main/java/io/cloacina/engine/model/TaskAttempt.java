package io.cloacina.engine.model;

import io.cloacina.api.AttemptOutcome;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a task: one run of its body, including the time that it waited before and after it.
 *
 * @param taskName the name of the task; the name of a run for an element of a list contains the index
 * @param attempt the number of the attempt, from 1, as in {@link io.cloacina.api.TaskContext#attempt}
 * @param outcome how it ended; null while it runs or waits
 * @param runner the id of the runner that ran it; null if the attempt waits for its children, or was stopped while it
 *     did, and null if it completed, was skipped or was cancelled, because the runner is not kept then
 * @param host the name of that runner's machine; null if it is not known
 * @param pid the id of its process; null if it is not known
 * @param startedAt when it began; after a wait, when it continued
 * @param endedAt when its end was recorded; if its runner died, when that was detected; null while it runs or waits
 * @param error the exception with its stack trace and causes, up to 20,000 characters; null if there was none
 */
public record TaskAttempt(
        String taskName,
        int attempt,
        @Nullable AttemptOutcome outcome,
        @Nullable UUID runner,
        @Nullable String host,
        @Nullable Long pid,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String error) {}
