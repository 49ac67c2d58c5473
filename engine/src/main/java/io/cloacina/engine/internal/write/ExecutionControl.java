package io.cloacina.engine.internal.write;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.RuleJson;
import io.cloacina.engine.internal.store.ControlStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.RetryMode;
import io.cloacina.engine.model.Submission;
import io.cloacina.engine.model.UnknownExecutionException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of executions from outside. Each is a guarded change of the execution's row and of the rows of its tasks.
 * The tasks of an execution are locked before the execution, and both before those of its children.
 */
public final class ExecutionControl {
    /** A change of one execution. */
    public interface Intervention {
        void on(UnitOfWork work, UniversalUuid execution);
    }

    private final Workflows workflows;
    private final Completer completer;

    public ExecutionControl(Workflows workflows, Completer completer) {
        this.workflows = workflows;
        this.completer = completer;
    }

    /** Cancels an execution: none of its tasks starts any more, and running attempts lose their claims. */
    public void cancel(UnitOfWork work, UniversalUuid id) {
        Execution found = find(work.transaction(), id);
        if (found.status() == ExecutionStatus.CANCELLED) {
            return;
        }
        if (found.isFinished()) {
            throw new ExecutionStateException(found, "cancelled", "it has ended");
        }
        if (!end(work, id, ExecutionStatus.CANCELLED, null, found.workflow())) {
            cancel(work, id);
        }
    }

    /** Fails an execution for a reason that lies in none of its tasks. */
    public boolean fail(UnitOfWork work, UniversalUuid id, String error, String workflow) {
        return end(work, id, ExecutionStatus.FAILED, error, workflow);
    }

    /** Ends an execution and its children. False if it has ended before. */
    private boolean end(
            UnitOfWork work, UniversalUuid id, ExecutionStatus status, @Nullable String error, String workflow) {
        work.run(ControlStore.END_WAITS, id);
        work.run(ControlStore.CANCEL, new ControlStore.Cancellation(id, error, work.at()));
        ExecutionStore.EndedExecution now = work.find(
                        ExecutionStore.END, new ExecutionStore.Completion(id, status, error, work.at()))
                .orElse(null);
        if (now == null) {
            return false;
        }
        work.effects().cancelled(id);
        completer.ended(work, id, workflow, status, now);
        for (UniversalUuid child : work.list(ExecutionStore.CHILDREN_OF, id)) {
            String its = find(work.transaction(), child).workflow();
            end(work, child, ExecutionStatus.CANCELLED, null, its);
        }
        return true;
    }

    /**
     * Pauses an execution and its children: no task starts until they are resumed. Running attempts continue. A paused
     * one stays paused; a reason replaces the one that it has.
     */
    public void pause(UnitOfWork work, UniversalUuid id, @Nullable String reason) {
        Execution found = find(work.transaction(), id);
        if (found.status() == ExecutionStatus.PAUSED) {
            if (reason != null) {
                work.run(ExecutionStore.CHANGE_PAUSE_REASON, new ExecutionStore.Pause(id, reason, work.at()));
            }
        } else if (!pauseWithChildren(work, found, reason)) {
            throw new ExecutionStateException(find(work.transaction(), id), "paused", "it has ended");
        }
    }

    /** False if it has ended. */
    private boolean pauseWithChildren(UnitOfWork work, Execution execution, @Nullable String reason) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        work.run(ControlStore.PAUSE, new ControlStore.At(id, work.at()));
        if (work.run(ExecutionStore.PAUSE, new ExecutionStore.Pause(id, reason, work.at())) == 0) {
            return false;
        }
        work.effects()
                .event(new EngineEvent.ExecutionPaused(
                        execution.id(), execution.workflow(), work.at().toInstant()));
        for (UniversalUuid child : work.list(ExecutionStore.CHILDREN_OF, id)) {
            pauseWithChildren(work, find(work.transaction(), child), "the execution that waits for it is paused");
        }
        return true;
    }

    /** Resumes an execution and its children; does nothing if it is not paused. */
    public void resume(UnitOfWork work, UniversalUuid id) {
        resumeIfPaused(work, id);
        Execution found = find(work.transaction(), id);
        if (found.isFinished()) {
            throw new ExecutionStateException(found, "resumed", "it has ended");
        }
    }

    /** Resumes an execution whose row this transaction holds, if it is paused. */
    void resumeIfPaused(UnitOfWork work, UniversalUuid id) {
        Execution found = find(work.transaction(), id);
        if (found.status() == ExecutionStatus.PAUSED) {
            resumeWithChildren(work, found);
        }
    }

    /** Resumes an execution and its children. False if it is not paused. */
    private boolean resumeWithChildren(UnitOfWork work, Execution execution) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        work.run(ControlStore.RESUME, new ControlStore.At(id, work.at()));
        ExecutionStore.At resumed = new ExecutionStore.At(id, work.at());
        if (work.run(ExecutionStore.RESUME_STARTED, resumed) == 0
                && work.run(ExecutionStore.RESUME_PENDING, resumed) == 0) {
            return false;
        }
        work.effects()
                .event(new EngineEvent.ExecutionResumed(
                        execution.id(), execution.workflow(), work.at().toInstant()));
        mayBeReady(execution, work.effects());
        for (UniversalUuid child : work.list(ExecutionStore.CHILDREN_OF, id)) {
            resumeWithChildren(work, find(work.transaction(), child));
        }
        return true;
    }

    /** Removes an execution that has ended, with its children and all their rows. False if there is no such one. */
    public boolean delete(WriteTransaction transaction, UniversalUuid id) {
        Optional<Execution> found = transaction.find(HistoryStore.FIND, id);
        if (found.isEmpty()) {
            return false;
        }
        if (!found.get().isFinished() || !Removal.removeWithChildren(transaction, id)) {
            throw new ExecutionStateException(
                    find(transaction, id), "deleted", "only one that has ended can; cancel it first");
        }
        return true;
    }

    /**
     * Reopens a failed execution. Its failed and cancelled tasks, and those that were skipped because of them, run
     * again; completed tasks stay as they are.
     */
    public void retryFailed(UnitOfWork work, UniversalUuid id, RetryMode how) {
        Execution found = find(work.transaction(), id);
        if (found.status() != ExecutionStatus.FAILED) {
            throw new ExecutionStateException(found, "retried", "only a failed one can");
        }
        work.find(ExecutionStore.PARENT_OF, id).ifPresent(parent -> requireNoRival(found, parent));
        Map<String, ControlStore.EndedTask> tasks = new LinkedHashMap<>();
        work.list(ControlStore.ALL_OF, id).forEach(task -> tasks.put(task.name(), task));
        if (!how.isEvenAfterCompensation()) {
            requireUncompensated(found, tasks.values());
        }
        Set<String> again = new HashSet<>();
        Set<String> followed = new HashSet<>();
        List<ControlStore.Reopened> rows = new ArrayList<>();
        for (ControlStore.EndedTask task : tasks.values()) {
            if (beginsAgain(task, again)) {
                again.add(task.name());
                followed.addAll(task.dependencies());
                rows.add(reopened(task, tasks, again, work.at()));
            }
        }
        // A task that runs again also counts as a leaf if all tasks after it stay as they are.
        int leaves =
                (int) again.stream().filter(name -> !followed.contains(name)).count();
        work.batch(ControlStore.REOPEN, rows);
        ExecutionStatus status = found.startedAt() == null ? ExecutionStatus.PENDING : ExecutionStatus.RUNNING;
        if (work.run(ExecutionStore.REOPEN, new ExecutionStore.Reopening(id, status, leaves, work.at())) == 0) {
            // Another transaction has reopened it: roll back and retry.
            throw new DatabaseException(
                    ErrorKind.SERIALIZATION, "execution " + id + " was changed while it was retried", null);
        }
        work.effects()
                .event(new EngineEvent.ExecutionRetried(
                        id.value(), found.workflow(), work.at().toInstant()));
        mayBeReady(found, work.effects());
    }

    /** Refuses to retry a child when its parent's task has begun another child, or may do so. */
    private static void requireNoRival(Execution child, ExecutionStore.Parent parent) {
        if (parent.status() == ExecutionStatus.CANCELLED) {
            return; // it stays cancelled, and begins no other child
        }
        String what = "it is a child of task '" + parent.task() + "' of execution " + parent.execution()
                + " of workflow '" + parent.workflow() + "', which is "
                + parent.status().label();
        throw ExecutionStateException.ofChild(
                child,
                switch (parent.status()) {
                    case FAILED -> what + ": retry that one, and its task begins another child";
                    case COMPLETED -> what + " and needs it no longer: submit it again if it is to run";
                    case PENDING, RUNNING, PAUSED, CANCELLED ->
                        what + " and may begin another child: wait until it has ended, and if it fails retry that one";
                });
    }

    /** Refuses a retry if tasks ran after a failure, because they may have undone what the retry builds upon. */
    private static void requireUncompensated(Execution execution, Collection<ControlStore.EndedTask> tasks) {
        List<String> failed = new ArrayList<>();
        List<String> ran = new ArrayList<>();
        Set<String> after = new HashSet<>();
        for (ControlStore.EndedTask task : tasks) {
            boolean isAfter = task.dependencies().stream().anyMatch(after::contains);
            boolean hasFailed = beginsAgain(task, Set.of());
            if (isAfter && hasRun(task)) {
                ran.add(task.name());
            } else if (hasFailed) {
                failed.add(task.name());
            }
            if (isAfter || hasFailed) {
                after.add(task.name());
            }
        }
        if (!ran.isEmpty()) {
            throw ExecutionStateException.compensated(execution, failed, ran);
        }
    }

    /** A skipped task has at most waited. A task that failed without an attempt could not begin. */
    private static boolean hasRun(ControlStore.EndedTask task) {
        return task.status() != TaskStatus.SKIPPED && task.attempt() > 0;
    }

    private static boolean beginsAgain(ControlStore.EndedTask task, Set<String> again) {
        return switch (task.status()) {
            case FAILED, CANCELLED -> true;
            case SKIPPED -> task.dependencies().stream().anyMatch(again::contains);
            case NOT_STARTED, READY, RUNNING, WAITING, COMPLETED -> false;
        };
    }

    private static ControlStore.Reopened reopened(
            ControlStore.EndedTask task,
            Map<String, ControlStore.EndedTask> tasks,
            Set<String> again,
            UniversalTimestamp at) {
        int remaining = 0;
        int unmet = 0;
        for (String before : task.dependencies()) {
            ControlStore.EndedTask dependency = tasks.get(before);
            if (again.contains(before)) {
                remaining++;
            } else if (dependency != null && dependency.status() != TaskStatus.COMPLETED) {
                unmet++;
            }
        }
        // If no dependency runs again, the task's rule was true before, because the task had started.
        return new ControlStore.Reopened(
                task.id(),
                remaining == 0 ? TaskStatus.READY : TaskStatus.NOT_STARTED,
                remaining,
                unmet,
                task.attempt() + RuleJson.maxAttempts(task.configuration()),
                at);
    }

    private void mayBeReady(Execution execution, CommitEffects effects) {
        effects.ready(workflows, execution.workflow(), execution.version(), 2 * Submission.MAX_PRIORITY);
    }

    static Execution find(WriteTransaction transaction, UniversalUuid id) {
        return transaction.find(HistoryStore.FIND, id).orElseThrow(() -> new UnknownExecutionException(id.value()));
    }
}
