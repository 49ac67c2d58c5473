package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Context;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.Cancel;
import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionPage;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.Failures;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.Restart;
import io.cloacina.engine.model.RetryMode;
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
 * Submits, reads, awaits and controls executions. {@link Engine} implements it, whether the engine runs tasks or is a
 * client. An application should depend on this interface rather than on {@link Engine}, so that its tests can replace
 * it. Thread safe.
 *
 * <p>For an unknown id {@link #find} returns an empty result, {@link #delete} returns false, and every other method
 * throws {@link UnknownExecutionException}. Each method throws {@link CloacinaException}, with the code
 * {@code ENGINE_NOT_RUNNING} if the engine was not started or is stopped, and {@code ENGINE_CLOSED} if it is closed.
 */
public interface WorkflowClient {
    /**
     * Stores a new execution of a workflow; when this returns, a crash does not lose it.
     *
     * @param input the input by key: values that can be JSON
     * @return the id of the execution
     * @throws UnknownWorkflowException if the engine has no workflow of that name; nothing is stored then
     */
    default UUID submit(String workflow, Map<String, ?> input) {
        return submit(Submission.of(workflow).input(input));
    }

    /**
     * Stores a new execution; when this returns, a crash does not lose it. While the database cannot be reached, the
     * call blocks, until the engine is closed.
     *
     * @return the id of the execution; with an idempotency key that was used before, the id of the first execution
     * @throws UnknownWorkflowException if the engine has no workflow of that name; nothing is stored then
     * @throws CloacinaException if the input cannot be JSON or is too large, or has no value for the key of a limit
     *     ({@code LIMIT_KEY})
     */
    default UUID submit(Submission submission) {
        return submitAll(List.of(Arguments.given("the submission", submission))).get(0);
    }

    /**
     * Stores several executions in one transaction: all of them or, if this throws, none. Otherwise as
     * {@link #submit(Submission)}.
     *
     * @param submissions at most 100,000
     * @return their ids, in the order of the submissions
     */
    List<UUID> submitAll(List<Submission> submissions);

    /**
     * Stores an execution inside the caller's own transaction: it exists if and when that transaction commits, and
     * starts soon after.
     *
     * @param connection a connection to the engine's database, not in auto-commit mode; on SQLite the transaction
     *     should begin with {@code BEGIN IMMEDIATE}
     * @throws DatabaseException if the connection is to another database or not in a transaction, or for errors of the
     *     database; the caller's transaction can continue without this submission
     */
    UUID submit(Connection connection, Submission submission);

    /**
     * As {@link #submit(Connection, Submission)}, inside a transaction of a {@link Database}: the engine's own, or
     * another one on the same database.
     */
    default UUID submit(WriteTransaction transaction, Submission submission) {
        return submit(Arguments.given("the transaction", transaction).connection(), submission);
    }

    /** Returns the execution of that id; empty if there is none. */
    Optional<Execution> find(UUID execution);

    /**
     * Returns a page of executions, newest first: as many as the query's limit if that many match, however long the
     * search takes for conditions that no index serves. {@link #search} bounds the time.
     */
    List<Execution> list(ExecutionQuery query);

    /**
     * As {@link #list}, but examines at most {@link ExecutionQuery#scan} executions. The page shows whether it is
     * incomplete for that reason, and where the next page begins.
     */
    ExecutionPage search(ExecutionQuery query);

    /**
     * Counts the executions that match a query, up to 10,000, among the executions that {@link #search} would examine:
     * {@link Count#isMore} is true if there are, or may be, more.
     *
     * @param query its limit is ignored
     */
    Count count(ExecutionQuery query);

    /**
     * Groups the failures of executions that ended at that time or later, by the first lines of their errors. An
     * execution with several failed tasks counts once for each different error. A task that failed because runs for its
     * elements failed counts with their errors.
     */
    Failures failures(Instant since);

    /**
     * Returns the labels of an execution, by name; often empty.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    Map<String, String> labels(UUID execution);

    /**
     * Returns the tasks of an execution, in the order of the definition.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    default List<TaskExecution> tasks(UUID execution) {
        return tasks(execution, List.of());
    }

    /**
     * Returns the tasks of an execution that are in one of these states, in the order of the definition; all tasks if
     * the list is empty. Only matching rows are read: the failed tasks of an execution of 10,000 tasks cost little.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<TaskExecution> tasks(UUID execution, List<TaskStatus> states);

    /**
     * Returns the parent of an execution, of which a task waits for it as its child; empty if it is not a child.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    Optional<Execution> parent(UUID execution);

    /**
     * Returns the attempts of the tasks of an execution, in the order of the definition and, for each task, by number.
     * Of the attempts that did not complete, the newest 100 of each task are kept as long as the execution; the last
     * attempt of a task is always included. A task that has not begun has none.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<TaskAttempt> attempts(UUID execution);

    /**
     * Returns the recoveries of an execution, oldest first; often empty.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<RecoveryEvent> recoveries(UUID execution);

    /**
     * Returns the state of the whole system on this database: runners, ready and waiting tasks, late work, full limits,
     * versions that no runner has, and {@linkplain Status#problems problems} that need an operator. It takes
     * milliseconds, whatever the size of the database, and changes nothing.
     */
    Status status();

    /**
     * Explains why the unfinished tasks of an execution are not finished, in the order of the definition, up to 1,000;
     * empty if the execution is finished. Runs for elements of a list that have not begun are covered by the reason of
     * their task. Only rows are read: the code of the workflow is not needed.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    List<Reason> why(UUID execution);

    /**
     * Returns the input of an execution together with everything that its tasks have written so far.
     *
     * @throws UnknownExecutionException if there is no such execution
     */
    Context context(UUID execution);

    /**
     * Waits until an execution is finished.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws CloacinaException if the engine is closed or the thread is interrupted while it waits
     */
    Execution await(UUID execution);

    /**
     * Waits until an execution is finished, at most {@code atMost}; empty if it is not finished by then. Zero or less
     * checks once; more than 36,500 days means forever. Otherwise as {@link #await(UUID)}.
     */
    Optional<Execution> await(UUID execution, Duration atMost);

    /**
     * Sends an execution a signal, for the tasks that wait for that name now or later. A second signal of the same name
     * is refused; a program that may repeat a call uses a key: {@link #signal(UUID, String, Object, String)}.
     *
     * @param value the value that the tasks receive, convertible to JSON; may be null
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished, or already has a signal of that name
     * @throws CloacinaException if the value cannot be JSON or is too large; with the code {@code UNKNOWN_SIGNAL} if no
     *     task waits for that name in any version of the workflow that is known
     */
    void signal(UUID execution, String name, @Nullable Object value);

    /**
     * As {@link #signal(UUID, String, Object)}, with an idempotency key of up to 200 characters: a repeated call with
     * the same key does nothing.
     */
    void signal(UUID execution, String name, @Nullable Object value, String idempotencyKey);

    /**
     * Cancels an execution immediately: as {@link #cancel(UUID, Cancel)} with {@link Cancel#immediately()}.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is completed or failed
     */
    default void cancel(UUID execution) {
        cancel(execution, Cancel.immediately());
    }

    /**
     * Cancels an execution and, in the same way, its children. Running bodies are interrupted, in this process
     * immediately and in others soon, and their results are discarded. With {@link Cancel#immediately()} no further
     * task starts. {@linkplain Cancel#withCompensation() With compensation}, the active tasks fail, tasks whose rules
     * react to that run, and the execution is cancelled when these have ended; a paused execution is resumed for that,
     * and tasks that already react to an earlier failure are left alone. Cancelling a cancelled execution does nothing,
     * except that cancelling immediately ends a compensation that is running.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is completed or failed
     * @throws CloacinaException with the code {@code RULES_UNKNOWN} if it is to be compensated and this process has
     *     neither the code nor the stored rules of its version
     */
    void cancel(UUID execution, Cancel how);

    /**
     * Pauses an execution, without a reason: as {@link #pause(UUID, String)}.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished
     */
    default void pause(UUID execution) {
        pause(execution, null);
    }

    /**
     * Pauses an execution: none of its tasks starts until it is resumed; running tasks continue. A paused execution
     * stays paused, and a reason replaces the one that it has.
     *
     * @param reason shown with the execution; may be null
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished
     */
    void pause(UUID execution, @Nullable String reason);

    /**
     * Resumes a paused execution. Resuming one that is not paused does nothing.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is finished
     */
    void resume(UUID execution);

    /**
     * Retries a failed execution in which no task has run in reaction to the failure: as
     * {@link #retry(UUID, RetryMode)} with {@link RetryMode#unlessCompensated()}.
     *
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not failed, is a child, or was compensated
     */
    default void retry(UUID execution) {
        retry(execution, RetryMode.unlessCompensated());
    }

    /**
     * Retries a failed execution: its failed tasks start again with all the attempts of their policy, and so do the
     * skipped tasks after them. Completed tasks stay completed, and so does everything after them, even if a rule there
     * names a failed task. A failed task that had a child submits another child.
     *
     * @param how whether to retry even if tasks have run in reaction to the failure
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it is not failed; with the code {@code RETRY_AFTER_COMPENSATION} if tasks have
     *     run in reaction to the failure and {@code how} does not allow that; with {@code RETRY_OF_CHILD} if it is a
     *     child whose parent is kept and not cancelled: retry the parent instead
     */
    void retry(UUID execution, RetryMode how);

    /**
     * Restarts an execution that has ended, in whatever state, as a new execution with all its tasks and the same
     * input: as {@link #restart(Restart)}.
     *
     * @return the id of the new execution
     */
    default UUID restart(UUID execution) {
        return restart(Restart.of(execution));
    }

    /**
     * Restarts an execution that has ended, in whatever state, as a new execution. The new one has the version that a
     * submission would get now, the same priority and, by default, the same input; the old one stays as it is, and the
     * new one refers to it ({@link Execution#restartedFrom}). With {@link Restart#from}, only that task and the tasks
     * after it run. The other tasks keep their state (completed, failed or skipped) and what they wrote is copied;
     * those that were cancelled, or that the old execution did not have, run as well. Signals are not copied, a limit
     * of executions does not count a restart from a task, and the restart of a child has no parent. Interceptors see a
     * submission of the workflow with the input of the new execution.
     *
     * @return the id of the new execution
     * @throws UnknownExecutionException if there is no such execution
     * @throws ExecutionStateException if it has not ended
     * @throws UnknownWorkflowException if neither the engine nor the database has its workflow any longer
     * @throws CloacinaException with the code {@code UNKNOWN_TASK} if the version has no such task;
     *     {@code RESTART_REFUSED} if an earlier task has not ended, or a task cannot read a copied value;
     *     {@code INVALID_ARGUMENT} if an interceptor changed more than the input; or if the input does not fit the
     *     version
     */
    UUID restart(Restart restart);

    /**
     * Deletes an execution that has ended, with its children and all rows, as retention would do later. A child that
     * has not ended stays. This cannot be undone.
     *
     * @return whether there was such an execution
     * @throws ExecutionStateException if it has not ended
     */
    boolean delete(UUID execution);
}
