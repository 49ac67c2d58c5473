package io.cloacina.engine.model;

import io.cloacina.api.RecoveryType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A recovery: a dead runner's task that was made ready again or failed, or an execution whose workflow no runner has.
 * {@code taskName} is null if the whole execution is concerned.
 */
public record RecoveryEvent(
        RecoveryType type,
        @Nullable String taskName,
        Instant recoveredAt,
        @Nullable String details) {}
