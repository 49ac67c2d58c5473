package io.cloacina.engine.model;

import io.cloacina.api.RecoveryType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A recovery from a dead runner, or from a workflow that no runner has; {@code taskName} is null if it concerned a
 * whole execution.
 */
public record RecoveryEvent(
        RecoveryType type,
        @Nullable String taskName,
        Instant recoveredAt,
        @Nullable String details) {}
