package io.cloacina.engine.internal.write;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.RecoveryType;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.store.AttemptStore;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.TaskAbandonedException;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step 7 of a task's path: makes the tasks of dead runners ready again. {@link Liveness} decides which are dead. A task
 * that was recovered too often fails, and the planner continues as after any failure. Recovery waits for no claimed task
 * and for no execution of one: rows that another transaction is changing, such as the last one of the dead runner while
 * the database has not rolled it back, are left for the next round.
 */
public final class LeaseSweeper {
    public static final int MAX_RECOVERIES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LeaseSweeper.class);

    private final Workflows workflows;
    private final Liveness liveness;
    private final Committer committer;

    LeaseSweeper(Workflows workflows, Liveness liveness, Committer committer) {
        this.workflows = workflows;
        this.liveness = liveness;
        this.committer = committer;
    }

    /** Decides which runners are dead. */
    public Liveness liveness() {
        return liveness;
    }

    /** How many tasks of a runner were made ready or failed, and whether these were all. */
    private record Recovered(int reset, int abandoned, boolean isAll) {}

    /**
     * Recovers the tasks of a runner if it is dead. False if it is alive, or if tasks are left to others or for later.
     */
    public boolean recoverFrom(UnitOfWork work, RunnerStore.Known other) {
        // The guard locks the row: a heartbeat that comes now waits, and then finds the runner gone.
        if (!liveness.isDead(other) || work.run(RunnerStore.CONDEMN, other) == 0) {
            return false;
        }
        Recovered first = recover(work, other);
        Recovered last = new Recovered(0, 0, false);
        if (first.isAll && work.run(RunnerStore.CLOSE_TO_CLAIMS, other.id()) == 1) {
            // Since the first round, one last claim of the runner may have been committed.
            last = recover(work, other);
            if (last.isAll) {
                work.run(RunnerStore.REMOVE, other.id());
            }
        }
        int reset = first.reset + last.reset;
        if (last.isAll || reset > 0) {
            LOG.info(
                    "runner {} on {} is dead: {} of its tasks can run again, {} were recovered too often",
                    other.id(),
                    other.process().host(),
                    reset,
                    first.abandoned + last.abandoned);
        }
        return last.isAll;
    }

    private Recovered recover(UnitOfWork work, RunnerStore.Known dead) {
        List<TaskStore.ClaimedTask> all = work.list(TaskStore.CLAIMED_BY, dead.id());
        List<TaskStore.ClaimedTask> reset = new ArrayList<>();
        List<Outcome> abandoned = new ArrayList<>();
        for (TaskStore.ClaimedTask claimed : locked(work, all)) {
            if (claimed.recoveryAttempts() < MAX_RECOVERIES) {
                reset.add(claimed);
            } else {
                // What follows the task is unknown without its definition: leave it to a runner that has it.
                workflows
                        .find(claimed.workflow(), claimed.version())
                        .ifPresent(workflow -> abandoned.add(abandoned(claimed, workflow)));
            }
        }
        reset(work, reset, dead);
        abandon(work, abandoned, dead);
        return new Recovered(reset.size(), abandoned.size(), reset.size() + abandoned.size() == all.size());
    }

    /** Locks the tasks and their executions; returns those that it could lock. */
    private List<TaskStore.ClaimedTask> locked(UnitOfWork work, List<TaskStore.ClaimedTask> all) {
        if (all.isEmpty()) {
            return all;
        }
        List<UniversalUuid> executions = all.stream()
                .map(claimed -> claimed.claim().execution())
                .distinct()
                .sorted()
                .toList();
        int[] ofExecutions = work.batch(
                ExecutionStore.LOCK,
                executions.stream()
                        .map(execution -> new ExecutionStore.At(execution, work.at()))
                        .toList());
        int[] ofTasks = work.batch(
                TaskStore.LOCK,
                all.stream()
                        .map(claimed -> new TaskStore.GiveBack(claimed.claim(), work.at()))
                        .toList());
        List<TaskStore.ClaimedTask> claimed = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            int execution =
                    Collections.binarySearch(executions, all.get(i).claim().execution());
            if (ofTasks[i] == 1 && ofExecutions[execution] == 1) {
                claimed.add(all.get(i));
            }
        }
        return claimed;
    }

    private void reset(UnitOfWork work, List<TaskStore.ClaimedTask> tasks, RunnerStore.Known dead) {
        if (tasks.isEmpty()) {
            return;
        }
        work.batch(
                TaskStore.RESET,
                tasks.stream()
                        .map(claimed -> new TaskStore.GiveBack(claimed.claim(), work.at()))
                        .toList());
        AttemptLog.died(
                work,
                tasks.stream().map(TaskStore.ClaimedTask::claim).toList(),
                new AttemptStore.RunnerProcess(
                        dead.process().host(), dead.process().pid()));
        Map<UniversalUuid, Integer> byExecution = new TreeMap<>();
        for (TaskStore.ClaimedTask claimed : tasks) {
            record(work, claimed.claim(), dead, RecoveryType.TASK_RESET);
            byExecution.merge(claimed.claim().execution(), 1, Integer::sum);
            work.effects().ready(workflows, claimed.workflow(), claimed.version(), claimed.priority());
            work.effects()
                    .event(new EngineEvent.TaskRecovered(
                            claimed.claim().execution().value(),
                            claimed.workflow(),
                            claimed.claim().taskName(),
                            work.at().toInstant()));
        }
        List<ExecutionStore.Recovery> recoveries = new ArrayList<>();
        byExecution.forEach(
                (execution, number) -> recoveries.add(new ExecutionStore.Recovery(execution, number, work.at())));
        if (!recoveries.isEmpty()) {
            work.batch(ExecutionStore.RECOVERED, recoveries);
        }
    }

    private static Outcome abandoned(TaskStore.ClaimedTask task, Workflow workflow) {
        String error = "abandoned: its runner died " + (task.recoveryAttempts() + 1) + " times while it ran";
        Claimed claimed = task.claimed(workflow);
        Outcome.Ending ending = claimed.isOrphan()
                ? new Outcome.Orphaned(error)
                : new Outcome.Failed(error, new TaskAbandonedException(error));
        return new Outcome(claimed, ending, null);
    }

    private void abandon(UnitOfWork work, List<Outcome> abandoned, RunnerStore.Known dead) {
        if (abandoned.isEmpty()) {
            return;
        }
        committer.finish(work, abandoned);
        for (Outcome outcome : abandoned) {
            if (work.effects().recorded().contains(outcome)) {
                record(work, outcome.claim(), dead, RecoveryType.TASK_ABANDONED);
            }
        }
    }

    private static void record(UnitOfWork work, Claim claim, RunnerStore.Known dead, RecoveryType type) {
        ObjectNode details = JsonContext.empty();
        details.put("runner", dead.id().toString());
        details.put("host", dead.process().host());
        details.put("pid", dead.process().pid());
        details.put("attempt", claim.run());
        work.run(
                RunnerStore.INSERT_EVENT,
                new RunnerStore.NewEvent(
                        UniversalUuid.v7(), claim.execution(), claim.task(), type, details.toString(), work.at()));
    }
}
