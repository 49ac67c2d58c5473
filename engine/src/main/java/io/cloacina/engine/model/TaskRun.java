package io.cloacina.engine.model;

import java.time.Instant;
import java.util.UUID;

/**
 * The run of a task that an event is about.
 *
 * @param priority that of the task, with that of its execution
 * @param runner the id of the runner that runs it
 * @param readyAt since when the task was ready; equal to {@code startedAt} if it began as it became ready
 * @param startedAt when it was claimed: after a wait, when it continued
 */
public record TaskRun(int priority, UUID runner, Instant readyAt, Instant startedAt) {}
