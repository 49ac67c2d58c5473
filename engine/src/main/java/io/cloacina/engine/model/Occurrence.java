package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * One firing of a schedule. {@code scheduledAt} is the time of the occurrence, {@code firedAt} when it actually fired,
 * and {@code status} the state of its execution when it was read.
 */
public record Occurrence(Instant scheduledAt, Instant firedAt, UUID executionId, ExecutionStatus status) {}
