package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * One time at which a schedule fired: for {@code scheduledAt}, in fact at {@code firedAt}, and what became of the execution
 * until it was read.
 */
public record Occurrence(Instant scheduledAt, Instant firedAt, UUID execution, ExecutionStatus status) {}
