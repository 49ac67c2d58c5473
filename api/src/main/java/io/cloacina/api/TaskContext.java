package io.cloacina.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a task body sees: the execution's input with what all tasks before it wrote, and what it writes itself. Written values
 * are stored when the task completes, and only then. For the thread that runs the body.
 */
public interface TaskContext extends Context {
    /** The execution. */
    UUID executionId();

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
}
