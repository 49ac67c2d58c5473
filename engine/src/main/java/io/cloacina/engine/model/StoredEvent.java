package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * An event that the rows of the database record, whichever process caused it. What an event does not contain (labels,
 * errors, outputs) can be read with the id of its execution, as long as the execution is kept.
 */
public sealed interface StoredEvent {
    /** The execution. */
    UUID executionId();

    /** The name of its workflow. */
    String workflow();

    /** The version of its workflow. */
    String version();

    /** When it was stored, by the clock of the process that stored it. */
    Instant at();

    /** The position after this event. */
    EventCursor cursor();

    /** An execution was stored, with this priority. */
    record ExecutionSubmitted(
            UUID executionId, String workflow, String version, int priority, Instant at, EventCursor cursor)
            implements StoredEvent {}

    /**
     * A task ended as Completed, Failed or Skipped. {@code attempt} is the number of its last attempt, 0 if its body
     * never ran. The name of a run for an element of a list contains the index: {@code task[7]}.
     */
    record TaskEnded(
            UUID executionId,
            String workflow,
            String version,
            String taskName,
            TaskStatus status,
            int attempt,
            Instant at,
            EventCursor cursor)
            implements StoredEvent {}

    /** An execution ended as Completed, Failed or Cancelled; {@code submittedAt} is when it was stored. */
    record ExecutionEnded(
            UUID executionId,
            String workflow,
            String version,
            ExecutionStatus status,
            Instant submittedAt,
            Instant at,
            EventCursor cursor)
            implements StoredEvent {}
}
