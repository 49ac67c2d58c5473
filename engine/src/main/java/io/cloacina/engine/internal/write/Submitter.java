package io.cloacina.engine.internal.write;

import io.cloacina.api.ExecutionOrigin;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.ContextSnapshot;
import io.cloacina.engine.internal.claim.LimitKeys;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.ContextStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.store.LabelStore;
import io.cloacina.engine.internal.store.PackageStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.model.UnknownWorkflowException;
import io.cloacina.schema.database.ReadTransaction;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Step 1 of a task's path: stores executions with all their tasks, of which the roots are ready. If no other task waits
 * and a slot is free, a root is stored as claimed.
 */
public final class Submitter {
    private final Lease lease;

    Submitter(Lease lease) {
        this.lease = lease;
    }

    /**
     * Stores executions; returns the id for each submission: its own, or that of the first execution with the same key.
     */
    public List<UniversalUuid> submit(UnitOfWork work, List<PreparedExecution> all) {
        return submit(work, all, false);
    }

    /**
     * As {@link #submit(UnitOfWork, List)}.
     *
     * @param isPaused whether the executions are paused next, so that no root may be claimed at once
     */
    public List<UniversalUuid> submit(UnitOfWork work, List<PreparedExecution> all, boolean isPaused) {
        List<UniversalUuid> ids = new ArrayList<>(all.size());
        List<ContextStore.NewContext> inputs = new ArrayList<>();
        List<ExecutionStore.NewExecution> executions = new ArrayList<>();
        List<LabelStore.Label> labels = new ArrayList<>();
        List<ExecutionStore.Carrying> carrying = new ArrayList<>();
        List<TaskStore.NewTask> tasks = new ArrayList<>();
        Map<ExecutionStore.Key, UniversalUuid> used = new HashMap<>();
        requireServing(work.transaction(), all);
        // All rows have the time of this transaction, not that of the call, so that a reader that continues from a time
        // misses nothing.
        for (PreparedExecution each : all) {
            if (each.key() != null) {
                // If another process uses the key at the same time, the unique index refuses the second submission,
                // which is then retried.
                UniversalUuid first = used.computeIfAbsent(
                        each.usedKey(),
                        absent -> first(work.transaction(), each).orElse(each.id()));
                ids.add(first);
                if (!first.equals(each.id())) {
                    continue;
                }
            } else {
                ids.add(each.id());
            }
            UniversalUuid context = null;
            if (each.json() != null) {
                context = UniversalUuid.v7();
                inputs.add(new ContextStore.NewContext(context, each.json(), work.at()));
            }
            boolean started = addTasks(work, each, tasks, isPaused);
            each.labels().forEach((name, value) -> labels.add(new LabelStore.Label(each.id(), name, value)));
            if (work.effects().hasListeners()) {
                work.effects().submitted(each.event(work.at()));
            }
            executions.add(each.row(context, started, work.at()));
            if (each.carried() != null) {
                carrying.add(new ExecutionStore.Carrying(each.id(), each.carried()));
            }
            if (each.deadline() != null) {
                work.effects().due(each.deadline());
            }
        }
        if (!inputs.isEmpty()) {
            work.defer(ContextStore.INSERT, inputs);
        }
        if (!executions.isEmpty()) {
            work.defer(ExecutionStore.INSERT, executions);
            work.defer(TaskStore.INSERT, tasks);
        }
        if (!carrying.isEmpty()) {
            work.defer(ExecutionStore.CARRY, carrying);
        }
        if (!labels.isEmpty()) {
            work.defer(LabelStore.INSERT, labels);
        }
        return ids;
    }

    /**
     * Refuses a workflow whose package was deleted since it was looked up. Children are not refused, and schedules make
     * this check themselves.
     */
    private static void requireServing(WriteTransaction transaction, List<PreparedExecution> all) {
        Set<Workflow> looked = new HashSet<>();
        for (PreparedExecution each : all) {
            if (each.origin() == ExecutionOrigin.SUBMIT
                    && looked.add(each.workflow())
                    && !serves(transaction, each.workflow())) {
                throw UnknownWorkflowException.deleted(each.workflow().name());
            }
        }
    }

    /** Whether executions may be submitted with a workflow: unless it belongs to a package that was deleted. */
    static boolean serves(ReadTransaction transaction, Workflow workflow) {
        UniversalUuid storedAs = workflow.storedAs();
        return storedAs == null
                || transaction.find(PackageStore.SERVING, storedAs).isPresent();
    }

    /** The first execution with the idempotency key of a submission. */
    static Optional<UniversalUuid> first(WriteTransaction transaction, PreparedExecution submitted) {
        return submitted.key() == null
                ? Optional.empty()
                : transaction.find(ExecutionStore.BY_KEY, submitted.usedKey());
    }

    /** Adds the rows of the tasks of an execution; returns whether one of them is claimed already. */
    private boolean addTasks(
            UnitOfWork work, PreparedExecution submitted, List<TaskStore.NewTask> rows, boolean isPaused) {
        Workflow workflow = submitted.workflow();
        boolean started = false;
        ContextSnapshot snapshot = null;
        for (TaskDefinition task : workflow.tasks()) {
            boolean isRoot = task.dependencies().isEmpty();
            int priority = submitted.priority() + task.priority();
            UniversalUuid id = UniversalUuid.v7();
            UniversalUuid runner = null;
            String limitKeys = workflow.isBounded() ? LimitKeys.of(workflow, task, submitted.input()) : null;
            boolean mayBegin = limitKeys == null && !isPaused && workflow.hasCode();
            if (isRoot && submitted.startAfter() != null) {
                work.effects().due(submitted.startAfter());
            } else if (isRoot
                    && mayBegin
                    && work.budget().mayOvertake(priority)
                    && work.budget().takeSlots(1) == 1) {
                runner = lease.runner();
                started = true;
                if (snapshot == null) {
                    snapshot = workflow.hasSeveralRoots() ? submitted.base().shared() : submitted.base();
                }
                Claim claim = new Claim(
                        id, submitted.id(), task.name(), 1, task.retry().maxAttempts(), 0, runner, work.at());
                work.effects().claimed(new Claimed(claim, workflow, task, priority, snapshot));
            } else if (isRoot) {
                work.effects().ready(workflow, priority);
            }
            rows.add(new TaskStore.NewTask(
                    id,
                    submitted.id(),
                    workflow,
                    task.position(),
                    runner != null ? TaskStatus.RUNNING : isRoot ? TaskStatus.READY : TaskStatus.NOT_STARTED,
                    task.dependencies().size(),
                    0,
                    priority,
                    isRoot ? submitted.startAfter() : null,
                    runner,
                    limitKeys,
                    work.at()));
        }
        return started;
    }

    /**
     * Whether an earlier commit of these submissions succeeded although its answer was lost: their ids are unique, so
     * it did if one of them is stored. The ids of the executions in that case.
     */
    public static Optional<List<UniversalUuid>> arrived(
            WriteTransaction transaction, List<PreparedExecution> prepared) {
        List<UniversalUuid> ids = new ArrayList<>();
        boolean arrived = false;
        for (PreparedExecution each : prepared) {
            boolean isStored = transaction.find(HistoryStore.FIND, each.id()).isPresent();
            arrived |= isStored;
            ids.add(isStored ? each.id() : first(transaction, each).orElse(each.id()));
        }
        return arrived ? Optional.of(ids) : Optional.empty();
    }
}
