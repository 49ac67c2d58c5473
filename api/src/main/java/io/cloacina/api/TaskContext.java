package io.cloacina.api;

import java.sql.Connection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a task body sees: the execution's input with what all tasks before it wrote, and what it writes itself. Written values
 * are stored when the task completes, and only then. For the thread that runs the body.
 */
public interface TaskContext extends Context {
    /** The execution. */
    UUID executionId();

    /** The name of the workflow. */
    String workflow();

    /** The name of the task. */
    String taskName();

    /** The number of this attempt, from 1. */
    int attempt();

    /**
     * Writes a value, which later tasks see; null removes the key.
     *
     * @throws CloacinaException if the value cannot be JSON
     */
    void put(String key, @Nullable Object value);

    /**
     * The connection of this task's own commit, for {@linkplain WorkflowDefinition.TaskOptions#transactional() transactional}
     * tasks: what is written through it and the completion of the task are one transaction. When the attempt fails, nothing of
     * it stays. It cannot be committed, rolled back or closed here, and is of no use once the body has returned.
     *
     * @throws CloacinaException in a task that is not transactional
     */
    Connection connection();
}
