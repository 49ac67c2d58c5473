package io.cloacina.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended. Immutable.
 *
 * @param executionId the execution
 * @param workflow the name of the workflow
 * @param taskName the name of the task
 * @param attempt the number of the attempt that decided it, from 1
 * @param error why it failed for good; null when it completed
 */
public record TaskOutcome(
        UUID executionId,
        String workflow,
        String taskName,
        int attempt,
        @Nullable Throwable error) {}
