package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * One firing of a schedule: for the time {@code scheduledAt}, in fact at {@code firedAt}, with the state of its
 * execution when it was read.
 */
public record Occurrence(Instant scheduledAt, Instant firedAt, UUID execution, ExecutionStatus status) {}
