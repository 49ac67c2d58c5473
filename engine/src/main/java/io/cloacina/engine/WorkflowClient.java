package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.WriteTransaction;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a program does with executions: submits, looks, waits and intervenes. {@link Engine} implements it, whether it runs tasks
 * or not. Let the parts of an application take this type: what they are given can then be an engine, or in their tests a class of
 * yours. Thread safe.
 *
 * <p>An id that no execution has: {@link #find} returns nothing, and every other method throws {@link UnknownExecutionException}.
 * Each method throws {@link CloacinaException}, with the code {@code ENGINE_NOT_RUNNING} if the engine was not started or is
 * stopped, and {@code ENGINE_CLOSED} if it is closed.
 */
public interface WorkflowClient {
    /**
     * Stores an execution of a workflow; when this returns, a crash does not lose it.
     *
     * @param input values that can be JSON
     * @return its id
     * @throws UnknownWorkflowException if the engine has no workflow of that name; nothing is stored then
     */
    default UUID submit(String workflow, Map<String, ?> input) {
        return submit(Submission.of(workflow).input(input));
    }

    /**
     * Stores an execution; when this returns, a crash does not lose it. While the database is away it waits, until the engine
     * is closed.
     *
     * @return its id; with an idempotency key that was used before, that of the first execution
     * @throws UnknownWorkflowException if the engine has no workflow of that name; nothing is stored then
     * @throws CloacinaException if the input cannot be JSON or is too large
     */
    UUID submit(Submission submission);

    /**
     * Stores executions in one transaction: all of them or, when this throws, none. Otherwise as {@link #submit(Submission)}.
     *
     * @param submissions at most 100,000
     * @return their ids, in the order of the submissions
     */
    List<UUID> submitAll(List<Submission> submissions);

    /**
     * Stores an execution inside the caller's own transaction: it exists when and if that is committed, and starts soon after.
     *
     * @param connection of the engine's database, not in auto-commit mode; on SQLite best begun with {@code BEGIN IMMEDIATE}
     * @throws DatabaseException if the connection is of another database or in no transaction, or as the database says; the
     *     caller's transaction can go on, without this
     */
    UUID submit(Connection connection, Submission submission);

    /**
     * As {@link #submit(Connection, Submission)}, inside a transaction of a {@link Database}: the one that the engine works on,
     * or another one of the same place.
     */
    UUID submit(WriteTransaction transaction, Submission submission);

    /** The execution of that id; empty if there is no such execution. */
    Optional<Execution> find(UUID execution);

    /** Executions, newest first, a page at a time. */
    List<Execution> list(ExecutionQuery query);

    /** The executions of a workflow that are not finished, oldest first; none if there is no such workflow. */
    List<Execution> unfinished(String workflow);

    /**
     * The tasks of an execution, in the order of the definition.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<TaskExecution> tasks(UUID execution);

    /**
     * What was recovered of an execution, in order; mostly nothing.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<RecoveryEvent> recoveries(UUID execution);

    /**
     * The input of an execution with all that its tasks wrote so far.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    Context context(UUID execution);

    /**
     * Waits until an execution is finished.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws CloacinaException if the engine is closed or the thread interrupted meanwhile
     */
    Execution await(UUID execution);

    /**
     * Waits until an execution is finished, at most that long; empty if it is not finished then. Zero or less looks once; what is
     * longer than 36,500 days waits forever. Otherwise as {@link #await(UUID)}.
     */
    Optional<Execution> await(UUID execution, Duration atMost);

    /**
     * Sends an execution a signal, for the tasks that wait for one of that name, now or later. A name is sent once; a program that
     * cannot know whether it was sent before gives a key: {@link #signal(UUID, String, Object, String)}.
     *
     * @param value what the tasks get, a value that can be JSON; may be null
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished, or was sent a signal of that name before
     * @throws CloacinaException if the value cannot be JSON or is too large
     */
    void signal(UUID execution, String name, @Nullable Object value);

    /** As {@link #signal(UUID, String, Object)}; sent again with the same key, up to 200 characters, it does nothing. */
    void signal(UUID execution, String name, @Nullable Object value, String idempotencyKey);

    /**
     * Cancels an execution: nothing of it starts any more, bodies that run are interrupted, here at once and in other
     * processes soon, and what they do cannot be recorded. Cancelling a cancelled one does nothing.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is completed or failed
     */
    void cancel(UUID execution);

    /**
     * Pauses an execution: no task of it starts until it is resumed; running ones go on. Pausing a paused one does nothing.
     *
     * @param reason why, for those who look at it; may be null
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished
     */
    void pause(UUID execution, @Nullable String reason);

    /**
     * Lets a paused execution go on.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not paused
     */
    void resume(UUID execution);

    /**
     * Opens a failed execution again: its failed tasks begin anew with all the attempts of their policy, and so do those after
     * them that were skipped; what completed stays as it is, with what follows it, also where a rule there names a failed task.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not failed
     */
    void retry(UUID execution);
}
