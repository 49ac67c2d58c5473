package io.cloacina.engine.model;

import io.cloacina.api.AttemptOutcome;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An attempt of a task: one run of its body, with what it waited for in between.
 *
 * @param taskName the name of the task; of a run for an element of a list with its index
 * @param attempt from 1; what the body saw as {@link io.cloacina.api.TaskContext#attempt}
 * @param outcome how it ended; null while it runs or waits
 * @param runner who ran it; null if it waits for its children or was stopped while it did, and for one that completed, was skipped or was cancelled: that is not kept
 * @param host the name of that runner's machine; null if it is not known
 * @param pid the id of its process; null if it is not known
 * @param startedAt when it began; after a wait, when it continued
 * @param endedAt when its end was recorded; of a runner that died, when that was noticed; null while it runs or waits
 * @param error what it threw, with its stack and causes, up to 20,000 characters; null if it threw nothing
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
