package io.cloacina.engine.internal.write;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.RuleJson;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.ReadyStore;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.Retry;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is done to an execution from outside its walk. Each is one guarded change of its row and one of its tasks, and finds
 * out only if that changes nothing why not. Tasks are taken before executions, as everywhere.
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

    /** Nothing of it starts any more, and whoever runs something of it has lost the claim. */
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

    /** False if it was finished before. */
    private boolean end(
            UnitOfWork work, UniversalUuid id, ExecutionStatus status, @Nullable String error, String workflow) {
        work.run(ReadyStore.END_WAITS, id);
        work.run(ReadyStore.CANCEL, new ReadyStore.Cancellation(id, error, work.at()));
        ExecutionStore.Ended now = work.find(
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

    /** No task of it starts until it is resumed, nor of its children; running ones go on. */
    public void pause(UnitOfWork work, UniversalUuid id, @Nullable String reason) {
        Execution found = find(work.transaction(), id);
        if (found.status() != ExecutionStatus.PAUSED && !hold(work, found, reason)) {
            throw new ExecutionStateException(find(work.transaction(), id), "paused", "it has ended");
        }
    }

    /** False if it has ended. */
    private boolean hold(UnitOfWork work, Execution execution, @Nullable String reason) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        work.run(ReadyStore.PAUSE, new ReadyStore.At(id, work.at()));
        if (work.run(ExecutionStore.PAUSE, new ExecutionStore.Pause(id, reason, work.at())) == 0) {
            return false;
        }
        work.effects()
                .event(new EngineEvent.ExecutionPaused(
                        execution.id(), execution.workflow(), work.at().toInstant()));
        for (UniversalUuid child : work.list(ExecutionStore.CHILDREN_OF, id)) {
            hold(work, find(work.transaction(), child), "the execution that waits for it is paused");
        }
        return true;
    }

    /** Resumes a paused execution and its children. */
    public void resume(UnitOfWork work, UniversalUuid id) {
        Execution found = find(work.transaction(), id);
        if (!letGo(work, found)) {
            throw new ExecutionStateException(found, "resumed", "only a paused one can");
        }
    }

    /** Resumes one whose row this transaction holds, if it is paused. */
    void resumeIfPaused(UnitOfWork work, UniversalUuid id) {
        Execution found = find(work.transaction(), id);
        if (found.status() == ExecutionStatus.PAUSED) {
            letGo(work, found);
        }
    }

    /** False if it is not paused. */
    private boolean letGo(UnitOfWork work, Execution execution) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        work.run(ReadyStore.RESUME, new ReadyStore.At(id, work.at()));
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
            letGo(work, find(work.transaction(), child));
        }
        return true;
    }

    /** Removes an execution that has ended, with its children and all rows. */
    public void delete(WriteTransaction transaction, UniversalUuid id) {
        Execution found = find(transaction, id);
        if (!found.isFinished() || !Removal.removeWithChildren(transaction, id)) {
            throw new ExecutionStateException(
                    find(transaction, id), "deleted", "only one that has ended can; cancel it first");
        }
    }

    /**
     * Opens a failed execution again: its failed tasks, and those that were skipped or cancelled because of them, begin anew;
     * what completed stays.
     */
    public void retryFailed(UnitOfWork work, UniversalUuid id, Retry how) {
        Execution found = find(work.transaction(), id);
        if (found.status() != ExecutionStatus.FAILED) {
            throw new ExecutionStateException(found, "retried", "only a failed one can");
        }
        work.find(ExecutionStore.PARENT_OF, id).ifPresent(parent -> requireNoRival(found, parent));
        Map<String, ReadyStore.Ended> tasks = new LinkedHashMap<>();
        work.list(ReadyStore.ALL_OF, id).forEach(task -> tasks.put(task.name(), task));
        if (!how.isEvenAfterCompensation()) {
            requireUncompensated(found, tasks.values());
        }
        Set<String> again = new HashSet<>();
        Set<String> followed = new HashSet<>();
        List<ReadyStore.Reopened> rows = new ArrayList<>();
        for (ReadyStore.Ended task : tasks.values()) {
            if (beginsAgain(task, again)) {
                again.add(task.name());
                followed.addAll(task.dependencies());
                rows.add(reopened(task, tasks, again, work.at()));
            }
        }
        // A task is the last one also if all that follows it stays as it is.
        int leaves =
                (int) again.stream().filter(name -> !followed.contains(name)).count();
        work.batch(ReadyStore.REOPEN, rows);
        ExecutionStatus status = found.startedAt() == null ? ExecutionStatus.PENDING : ExecutionStatus.RUNNING;
        if (work.run(ExecutionStore.REOPEN, new ExecutionStore.Reopening(id, status, leaves, work.at())) == 0) {
            // Somebody else opened it work.at() the same time: undone and looked work.at() again.
            throw new DatabaseException(
                    ErrorKind.SERIALIZATION, "execution " + id + " was changed while it was retried", null);
        }
        work.effects()
                .event(new EngineEvent.ExecutionRetried(
                        id.value(), found.workflow(), work.at().toInstant()));
        mayBeReady(found, work.effects());
    }

    /** Beside a child that is retried, its task would begin another one, or has. */
    private static void requireNoRival(Execution child, ExecutionStore.Parent parent) {
        if (parent.status() == ExecutionStatus.CANCELLED) {
            return; // for good: it begins no other
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

    /** What has run after a failure may have undone what a retry builds upon. */
    private static void requireUncompensated(Execution execution, Collection<ReadyStore.Ended> tasks) {
        List<String> failed = new ArrayList<>();
        List<String> ran = new ArrayList<>();
        Set<String> after = new HashSet<>();
        for (ReadyStore.Ended task : tasks) {
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

    /** A task that was skipped has at most waited; one that failed without an attempt could not begin. */
    private static boolean hasRun(ReadyStore.Ended task) {
        return task.status() != TaskStatus.SKIPPED && task.attempt() > 0;
    }

    private static boolean beginsAgain(ReadyStore.Ended task, Set<String> again) {
        return switch (task.status()) {
            case FAILED, CANCELLED -> true;
            case SKIPPED -> task.dependencies().stream().anyMatch(again::contains);
            case NOT_STARTED, READY, RUNNING, WAITING, COMPLETED -> false;
        };
    }

    private static ReadyStore.Reopened reopened(
            ReadyStore.Ended task, Map<String, ReadyStore.Ended> tasks, Set<String> again, UniversalTimestamp at) {
        int remaining = 0;
        int unmet = 0;
        for (String before : task.dependencies()) {
            ReadyStore.Ended dependency = tasks.get(before);
            if (again.contains(before)) {
                remaining++;
            } else if (dependency != null && dependency.status() != TaskStatus.COMPLETED) {
                unmet++;
            }
        }
        // A task whose dependencies stay as they are had started, so its rule held.
        return new ReadyStore.Reopened(
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
