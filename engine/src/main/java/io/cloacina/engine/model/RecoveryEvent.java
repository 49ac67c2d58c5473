package io.cloacina.engine.model;

import io.cloacina.api.RecoveryType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What was done about a dead runner or a workflow that nobody has; {@code taskName} is null when it was a whole execution. */
public record RecoveryEvent(
        RecoveryType type,
        @Nullable String taskName,
        Instant recoveredAt,
        @Nullable String details) {}
