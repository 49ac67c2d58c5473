package io.cloacina.engine.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as it was when it was read. {@code nextAt} is when it fires next, null if it is disabled or has ended.
 * {@code lastAt} is the time of the latest occurrence that was run, null before the first.
 */
public record ScheduleState(
        Schedule schedule,
        boolean isEnabled,
        @Nullable Instant nextAt,
        @Nullable Instant lastAt,
        Instant createdAt) {}
