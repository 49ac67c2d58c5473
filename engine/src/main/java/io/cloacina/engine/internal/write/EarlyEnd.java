package io.cloacina.engine.internal.write;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.StoredRule;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.StopStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.internal.store.VersionStore;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.ExecutionStateException;
import io.cloacina.engine.model.ExecutionStoppedException;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ends an execution early, by its deadline or by a cancellation with compensation. The tasks that are active fail,
 * without a retry, and the planner decides what follows, as after any failure. The children of these tasks are
 * cancelled the same way. Tasks that react to a failure are left alone, whether that failure came before or comes from
 * this end.
 *
 * <p>All of it is one transaction, which locks all unfinished tasks before it reads which are active, so that no task
 * becomes active unnoticed.
 */
public final class EarlyEnd {
    private final Definitions definitions;
    private final ExecutionControl control;
    private final Planner planner;

    EarlyEnd(Definitions definitions, ExecutionControl control, Planner planner) {
        this.definitions = definitions;
        this.control = control;
        this.planner = planner;
    }

    /** Stops an execution whose deadline has passed. Does nothing if it was stopped before, is paused or has ended. */
    public void passDeadline(UnitOfWork work, UniversalUuid id) {
        Execution execution = ExecutionControl.find(work.transaction(), id);
        if (execution.deadline() == null) {
            return;
        }
        Workflow workflow = known(work.transaction(), execution).orElseThrow(() -> unknown(execution));
        lockTasks(work, id);
        if (work.run(StopStore.PASS, new ExecutionStore.At(id, work.at())) == 1) {
            stop(work, execution, workflow, ExecutionStoppedException.deadline());
        }
    }

    /** Cancels an execution with compensation. A further call does not stop it again. */
    public void cancel(UnitOfWork work, UniversalUuid id) {
        Execution execution = ExecutionControl.find(work.transaction(), id);
        if (execution.status() == ExecutionStatus.CANCELLED) {
            return;
        }
        if (execution.isFinished()) {
            throw new ExecutionStateException(execution, "cancelled", "it has ended");
        }
        cancel(work, execution, known(work.transaction(), execution).orElseThrow(() -> unknown(execution)));
    }

    private void cancel(UnitOfWork work, Execution execution, Workflow workflow) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        lockTasks(work, id);
        ExecutionStore.At now = new ExecutionStore.At(id, work.at());
        boolean isStopped = work.run(StopStore.CANCEL, now) == 1;
        if (!isStopped && work.run(StopStore.CANCEL_STOPPED, now) == 0) {
            return; // it has ended in the meantime
        }
        // Another transaction may have paused or resumed it before this one locked its row.
        control.resumeIfPaused(work, id);
        if (isStopped) {
            stop(work, execution, workflow, ExecutionStoppedException.cancelled());
        }
    }

    private static void lockTasks(UnitOfWork work, UniversalUuid id) {
        work.run(VersionStore.LOCK_TASKS, new ExecutionStore.At(id, work.at()));
    }

    private void stop(UnitOfWork work, Execution execution, Workflow workflow, ExecutionStoppedException why) {
        UniversalUuid id = UniversalUuid.of(execution.id());
        // A task that reacts to the failure may be the first one of the execution that runs.
        work.find(ExecutionStore.START, new ExecutionStore.At(id, work.at()));
        List<StopStore.Active> active = active(work.transaction(), id, workflow);
        work.batch(
                StopStore.STOP_TASK,
                active.stream()
                        .map(task -> new StopStore.Stop(task.task(), task.waits(), why.error(), work.at()))
                        .toList());
        List<Planner.Done> done = new ArrayList<>();
        for (StopStore.Active task : active) {
            work.effects().stopped(id, task.task());
            TaskDefinition its = workflow.task(task.name()).orElse(null);
            if (its != null && !task.isElement()) {
                done.add(new Planner.Done(id, workflow, its, TaskStatus.FAILED, execution.priority(), null, null));
            }
            if (!task.isElement() || task.run() > 0) {
                work.effects()
                        .event(new EngineEvent.TaskFailed(
                                execution.id(),
                                execution.workflow(),
                                task.name(),
                                task.run(),
                                null,
                                why,
                                work.at().toInstant()));
            }
        }
        AttemptLog.stopped(work, active, why.error());
        Set<UniversalUuid> stopped = active.stream().map(StopStore.Active::task).collect(Collectors.toSet());
        for (StopStore.Child child : work.list(StopStore.CHILDREN, id)) {
            if (stopped.contains(child.task())) {
                cancelChild(work, ExecutionControl.find(work.transaction(), child.execution()));
            }
        }
        if (workflow.isBounded()) {
            work.effects().ready(workflow, ClaimableWorkflows.SUSPICION);
        }
        if (active.isEmpty()) {
            return; // a task that reacts to a failure is active, and its end will end the execution
        }
        if (done.isEmpty()) {
            // The definition does not have the tasks that were active, so no task can follow them.
            control.fail(work, id, why.error(), execution.workflow());
            return;
        }
        done.sort(Comparator.comparingInt(each -> each.task().position()));
        planner.advance(work, done);
    }

    /** The active tasks, without those that react to a failure, because these compensate for it. */
    private static List<StopStore.Active> active(
            WriteTransaction transaction, UniversalUuid execution, Workflow workflow) {
        Set<String> failed = new HashSet<>();
        transaction.list(TaskStore.UNMET_OF, execution).stream()
                .filter(task -> task.status() == TaskStatus.FAILED)
                .forEach(task -> failed.add(task.taskName()));
        Set<String> reacting = new HashSet<>();
        for (TaskDefinition task : workflow.tasks()) {
            if (isAbout(task.rule(), failed) || task.dependencies().stream().anyMatch(reacting::contains)) {
                reacting.add(task.name());
            }
        }
        return transaction.list(StopStore.ACTIVE, execution).stream()
                .filter(task -> workflow.task(task.name())
                        .filter(its -> reacting.contains(its.name()))
                        .isEmpty())
                .toList();
    }

    private static boolean isAbout(TriggerRule rule, Set<String> failed) {
        return !(rule instanceof TriggerRule.None)
                && rule.conditions().stream()
                        .anyMatch(condition -> condition instanceof TriggerCondition.TaskFailed its
                                && failed.contains(its.taskName()));
    }

    /** Cancels the child of a task that has failed in this transaction, with compensation if its rules are known. */
    private void cancelChild(UnitOfWork work, Execution child) {
        Workflow workflow = known(work.transaction(), child).orElse(null);
        if (workflow != null) {
            cancel(work, child, workflow);
        } else {
            control.cancel(work, UniversalUuid.of(child.id()));
        }
    }

    /** The workflow of an execution, if its trigger rules can be evaluated here: with its code, or as stored. */
    private Optional<Workflow> known(WriteTransaction transaction, Execution execution) {
        return definitions
                .ofExecution(transaction, execution)
                .filter(workflow -> workflow.hasCode()
                        || workflow.stored().tasks().stream()
                                .allMatch(task -> StoredRule.parse(task.rule()).isPresent()));
    }

    private static CloacinaException unknown(Execution execution) {
        return new CloacinaException(
                ErrorCodes.RULES_UNKNOWN,
                "execution " + execution.id() + " cannot be stopped by this process: the rules after its tasks are"
                        + " unknown, because version " + execution.version() + " of workflow '" + execution.workflow()
                        + "' is not stored, or was stored by a newer version of the library. Stop it in"
                        + " a process that has its code, or cancel it without compensation");
    }
}
