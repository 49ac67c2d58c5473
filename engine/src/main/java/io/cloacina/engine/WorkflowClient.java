package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.Failures;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.Retry;
import io.cloacina.engine.model.Status;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.TaskAttempt;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.WriteTransaction;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that a program does with executions: it submits, reads, awaits and controls them. {@link Engine} implements it,
 * whether it runs tasks or not. Let the parts of an application depend on this type: then their tests can replace the
 * engine by a class of yours. Thread safe.
 *
 * <p>For an unknown id {@link #find} returns an empty result, and every other method throws {@link
 * UnknownExecutionException}. Each method throws {@link CloacinaException}, with the code {@code ENGINE_NOT_RUNNING} if
 * the engine was not started or is stopped, and {@code ENGINE_CLOSED} if it is closed.
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
     * Stores an execution; when this returns, a crash does not lose it. While the database cannot be reached it waits,
     * until the engine is closed.
     *
     * @return its id; with an idempotency key that was used before, that of the first execution
     * @throws UnknownWorkflowException if the engine has no workflow of that name; nothing is stored then
     * @throws CloacinaException if the input cannot be JSON or is too large, or has no value for the key of a limit
     *     ({@code LIMIT_KEY})
     */
    default UUID submit(Submission submission) {
        return submitAll(List.of(Arguments.given("the submission", submission))).get(0);
    }

    /**
     * Stores executions in one transaction: all of them or, when this throws, none. Otherwise as {@link
     * #submit(Submission)}.
     *
     * @param submissions at most 100,000
     * @return their ids, in the order of the submissions
     */
    List<UUID> submitAll(List<Submission> submissions);

    /**
     * Stores an execution inside the caller's own transaction: it exists when and if that is committed, and starts soon
     * after.
     *
     * @param connection of the engine's database, not in auto-commit mode; on SQLite best begun with {@code BEGIN
     *     IMMEDIATE}
     * @throws DatabaseException if the connection is of another database or not in a transaction, or for errors of the
     *     database; the caller's transaction can continue, without this
     */
    UUID submit(Connection connection, Submission submission);

    /**
     * As {@link #submit(Connection, Submission)}, inside a transaction of a {@link Database}: the one that the engine
     * works on, or another one of the same place.
     */
    default UUID submit(WriteTransaction transaction, Submission submission) {
        return submit(Arguments.given("the transaction", transaction).connection(), submission);
    }

    /** The execution of that id; empty if there is no such execution. */
    Optional<Execution> find(UUID execution);

    /**
     * Executions, newest first, a page at a time: as many as the query's limit if there are so many, however long that
     * takes for conditions that no index serves. {@link #search} bounds it.
     */
    List<Execution> list(ExecutionQuery query);

    /**
     * As {@link #list}, looking through at most {@link ExecutionQuery#scan} executions; the page says whether it ends for
     * that reason, and where the next one begins.
     */
    ExecutionPage search(ExecutionQuery query);

    /**
     * What executions failed of that ended at that time or later, by the first lines of their errors. An execution with
     * failed tasks counts once for each of their errors; a task that failed because runs for its elements did counts by
     * theirs.
     */
    Failures failures(Instant since);

    /**
     * The labels of an execution, by name; usually none.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    Map<String, String> labels(UUID execution);

    /** The executions of a workflow that are not finished, oldest first; none if there is no such workflow. */
    List<Execution> unfinished(String workflow);

    /**
     * The tasks of an execution, in the order of the definition.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    default List<TaskExecution> tasks(UUID execution) {
        return tasks(execution, List.of());
    }

    /**
     * The tasks of an execution that have one of these states, in the order of the definition; all of them if no state is
     * given. Only those are read: the failed ones of an execution of 10,000 tasks cost little.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<TaskExecution> tasks(UUID execution, List<TaskStatus> states);

    /**
     * The execution one of whose tasks has handed its work to this one; empty if nothing has.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    Optional<Execution> parent(UUID execution);

    /**
     * The attempts of the tasks of an execution, in the order of the definition and for each task in theirs. Of those that
     * ended otherwise than by success the newest 100 of each task are kept, as long as the execution; the last attempt of
     * a task is always there. A task that has not begun has none.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<TaskAttempt> attempts(UUID execution);

    /**
     * The recoveries of an execution, in order; usually none.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<RecoveryEvent> recoveries(UUID execution);

    /**
     * How all is that runs on the database: runners, what is ready and what waits, what is late, full limits, versions that
     * no runner has, and what needs a person ({@link Status#problems}). It takes milliseconds, however much there is, and
     * changes nothing.
     */
    Status status();

    /**
     * Why the tasks of an execution that have not ended are where they are, in the order of the definition, up to 1,000;
     * none if it is finished. Runs for elements of a list that have not begun are told of by their task. It reads rows
     * alone: the code of the workflow is not needed.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<Reason> why(UUID execution);

    /**
     * The input of an execution with everything that its tasks have written so far.
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
     * Waits until an execution is finished, at most that long; empty if it is not finished then. Zero or less checks
     * once; more than 36,500 days means forever. Otherwise as {@link #await(UUID)}.
     */
    Optional<Execution> await(UUID execution, Duration atMost);

    /**
     * Sends an execution a signal, for the tasks that wait for one of that name, now or later. A name can be sent once;
     * a program that cannot know whether it was sent before uses a key: {@link #signal(UUID, String, Object, String)}.
     *
     * @param value the value for the tasks, which can be JSON; may be null
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished, or already has a signal of that name
     * @throws CloacinaException if the value cannot be JSON or is too large
     */
    void signal(UUID execution, String name, @Nullable Object value);

    /**
     * As {@link #signal(UUID, String, Object)}; sent again with the same key, up to 200 characters, it does nothing.
     */
    void signal(UUID execution, String name, @Nullable Object value, String idempotencyKey);

    /**
     * Cancels an execution at once: as {@link #cancel(UUID, Cancel)} with {@link Cancel#atOnce()}.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is completed or failed
     */
    default void cancel(UUID execution) {
        cancel(execution, Cancel.atOnce());
    }

    /**
     * Cancels an execution. Running bodies are interrupted, here at once and in other processes soon, and their results are
     * not recorded. At once no task of it starts any more. {@linkplain Cancel#withCompensation() With compensation} the
     * active tasks fail, tasks whose rules react to that run, and the execution is cancelled when these have ended; a
     * paused one is resumed for that. Children are cancelled the same way. Cancelling it again does nothing, but that
     * cancelling at once ends a compensation that runs. Tasks that react to an earlier failure are left alone.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is completed or failed
     * @throws CloacinaException with the code {@code RULES_UNKNOWN} if it is to be compensated and this process can read
     *     neither the code nor the stored rules of its version
     */
    void cancel(UUID execution, Cancel how);

    /**
     * Pauses an execution: no task of it starts until it is resumed; running tasks continue. Pausing a paused execution
     * does nothing.
     *
     * @param reason why, shown with the execution; may be null
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished
     */
    void pause(UUID execution, @Nullable String reason);

    /**
     * Resumes a paused execution.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not paused
     */
    void resume(UUID execution);

    /**
     * Retries a failed execution in which nothing has run after the failure: as {@link #retry(UUID, Retry)} with {@link
     * Retry#unlessCompensated()}.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not failed, is a child, or was compensated
     */
    default void retry(UUID execution) {
        retry(execution, Retry.unlessCompensated());
    }

    /**
     * Retries a failed execution: its failed tasks start again with all the attempts of their policy, and so do the
     * skipped tasks after them; completed tasks stay as they are, with all that follows them, even if a rule there
     * names a failed task. A failed task that had handed its work to a child begins another child.
     *
     * @param how whether also if tasks have run after a failed one, because their rules react to the failure
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not failed; with the code {@code RETRY_AFTER_COMPENSATION} if tasks have
     *     run after a failed one and {@code how} does not allow that; with {@code RETRY_OF_CHILD} if it is the child of
     *     a task whose execution is kept and not cancelled: that one is retried instead
     */
    void retry(UUID execution, Retry how);

    /**
     * Begins an execution anew that has ended, whatever its end: as {@link #restart(Restart)} with all its tasks and the
     * same input.
     *
     * @return the id of the new execution
     */
    default UUID restart(UUID execution) {
        return restart(Restart.of(execution));
    }

    /**
     * Begins an execution anew that has ended, whatever its end: as a new execution, of the version that a submission
     * would have now, with the same priority and, unless another is given, the same input. It begins with {@link
     * Restart#from}: tasks that are neither that one nor after it keep how they ended (completed, failed or skipped), and
     * what they wrote is copied; those that were cancelled, or that the execution did not have, run as well. The first
     * execution stays as it is; the new one names it ({@link Execution#restartedFrom}). Signals are not copied, a limit
     * of executions does not count one that begins with a task, and the restart of a child is nobody's child. To
     * interceptors it is a submission of the workflow with that input.
     *
     * @return the id of the new execution
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it has not ended
     * @throws UnknownWorkflowException if neither the engine nor the database has its workflow any more
     * @throws CloacinaException with the code {@code UNKNOWN_TASK} if the version has no such task; {@code
     *     RESTART_REFUSED} if a task before it has not ended, or a task cannot read what is copied; or if the input does
     *     not fit the version; {@code INVALID_ARGUMENT} if an interceptor changed more than the input
     */
    UUID restart(Restart restart);

    /**
     * Removes an execution that has ended, with its children and all rows, as retention does later. A child that has
     * not ended stays. Nothing brings it back.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it has not ended
     */
    void delete(UUID execution);
}
