package io.cloacina.engine.model;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import java.time.Instant;
import java.util.UUID;

/**
 * Something that the rows of a database tell, whichever process did it. What an event does not carry (labels, errors,
 * outputs) is read by the id of its execution, as long as that is kept.
 */
public sealed interface StoredEvent {
    /** The execution that it is about. */
    UUID executionId();

    /** The name of its workflow. */
    String workflow();

    /** The version of its workflow. */
    String version();

    /** When it was stored, by the clock of the process that did. */
    Instant at();

    /** Where those after it begin. */
    EventCursor cursor();

    /** An execution was stored, with that priority. */
    record ExecutionSubmitted(
            UUID executionId, String workflow, String version, int priority, Instant at, EventCursor cursor)
            implements StoredEvent {}

    /**
     * A task has ended, as Completed, Failed or Skipped. {@code attempt}: the number of its last attempt, 0 if its body
     * never ran. The name of a run for an element of a list has its index: {@code task[7]}.
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

    /** An execution has ended, as Completed, Failed or Cancelled; {@code submittedAt}: when it was stored. */
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
