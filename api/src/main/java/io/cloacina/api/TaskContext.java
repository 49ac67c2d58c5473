package io.cloacina.api;

import java.sql.Connection;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The data of a task body: the execution's input, the values that all tasks before it wrote, and its own writes.
 * Written values are stored when the task completes, and only then. Not thread safe: only the thread that runs the body
 * may use it.
 */
public interface TaskContext extends Context {
    /** The execution. */
    UUID executionId();

    /** The name of the workflow. */
    String workflow();

    /** The name of the task. */
    String taskName();

    /**
     * The number of this attempt, from 1. Attempts that were released before their bodies began count, such as by an
     * executor that refused them; waiting for a time, a signal or a child does not.
     */
    int attempt();

    /**
     * Writes a value, which later tasks see; null removes the key.
     *
     * @throws CloacinaException if the value cannot be JSON
     */
    void put(String key, @Nullable Object value);

    /**
     * Writes the output of the task: the value under its own name, which later tasks see. In a run for an
     * {@linkplain TaskOptions#forEach element} it is the result of that run; in a task with a
     * {@linkplain TaskOptions#child child} it is the child's input, an object.
     *
     * @throws CloacinaException if the value cannot be JSON
     */
    void output(@Nullable Object value);

    /**
     * The element that this run of a {@linkplain TaskOptions#forEach fan-out} is for.
     *
     * @throws CloacinaException if the task has no element, or it is null or not of that type
     */
    <T> T element(Class<T> type);

    /** As {@link #element(Class)}. */
    <T> T element(TypeOf<T> type);

    /**
     * The index of the element in its list, from 0.
     *
     * @throws CloacinaException if the task has none
     */
    int elementIndex();

    /**
     * The value of the {@linkplain TaskOptions#signal signal} for which the task waited.
     *
     * @throws CloacinaException if the task does not wait for a signal, the signal did not come, or its value is null
     *     or not of that type
     */
    <T> T signal(Class<T> type);

    /** As {@link #signal(Class)}. */
    <T> T signal(TypeOf<T> type);

    /** As {@link #signal(Class)}; empty if the signal did not come in time, or its value is null. */
    <T> Optional<T> findSignal(Class<T> type);

    /** As {@link #findSignal(Class)}. */
    <T> Optional<T> findSignal(TypeOf<T> type);

    /** As {@link #continueAs(String, Map)}, with the workflow of this execution. */
    default void continueAs(Map<String, ?> input) {
        continueAs(workflow(), input);
    }

    /**
     * Requests a successor: a new execution that is submitted when this one completes, in the same transaction. It has
     * the version that a submission would get at that time, and the labels and the priority of this execution. If this
     * attempt fails, or the execution fails or is cancelled, there is no successor. If several tasks of the execution
     * call this, the call of the task that completes last counts.
     *
     * @param workflow the name of the workflow of the successor
     * @param input the input of the successor: values that can be JSON
     * @throws CloacinaException with the code {@code UNKNOWN_WORKFLOW} if there is no such workflow;
     *     {@code INVALID_INPUT} or {@code LIMIT_KEY} if the input does not fit it; {@code CONTINUE_AS} in a task with a
     *     child and in a run for an element; or if the input cannot be JSON or is too large
     */
    void continueAs(String workflow, Map<String, ?> input);

    /** The current time of the engine's clock. */
    Instant now();

    /**
     * The connection of a {@linkplain TaskOptions#transactional() transactional} task: writes through it and the
     * completion of the task are one transaction. When the attempt fails, its writes are rolled back. The connection
     * cannot be committed, rolled back or closed here, and cannot be used once the body has returned. With
     * {@code cloacina-schema}, {@code WriteTransaction.of(context.connection())} runs typed statements in it.
     *
     * @throws CloacinaException in a task that is not transactional
     */
    Connection connection();
}
