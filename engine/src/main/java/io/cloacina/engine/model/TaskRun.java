package io.cloacina.engine.model;

import java.time.Instant;
import java.util.UUID;

/**
 * The run of a task that an event is about.
 *
 * @param priority the priority of the task plus that of its execution
 * @param runner the id of the runner that runs it
 * @param readyAt since when the task was ready; equal to {@code startedAt} if it started without waiting for a runner
 * @param startedAt when it was claimed or, after a wait, when it continued
 */
public record TaskRun(int priority, UUID runner, Instant readyAt, Instant startedAt) {}
