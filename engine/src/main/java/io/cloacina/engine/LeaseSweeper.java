package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.tables.RecoveryType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step seven of the walk: gives the tasks of dead runners back. A runner is dead when its lease is over, or when its process
 * is known to be gone. A task that was recovered too often is failed, through the same planner as any other.
 */
final class LeaseSweeper {
    static final int MAX_RECOVERIES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LeaseSweeper.class);

    private final Workflows workflows;
    private final Lease lease;
    private final Committer committer;
    private final Clock clock;

    LeaseSweeper(Workflows workflows, Lease lease, Committer committer, Clock clock) {
        this.workflows = workflows;
        this.lease = lease;
        this.committer = committer;
        this.clock = clock;
    }

    /** Whether a runner is known to be dead without a look at the clock of the database. */
    boolean isKnownDead(RunnerStore.Known other) {
        return other.process().isKnownDead(lease.process());
    }

    /** Recovers what a runner holds if it is dead; false if it lives or its tasks cannot be dealt with here. */
    boolean recoverFrom(WriteTransaction transaction, RunnerStore.Known other, Effects effects) {
        UniversalTimestamp now = Lease.databaseClock(transaction);
        // The guard holds the row: a heartbeat that comes now waits, and then finds the runner gone.
        if (!(other.isOver(now) || isKnownDead(other)) || transaction.run(RunnerStore.CONDEMN, other) == 0) {
            return false;
        }
        List<TaskStore.Held> reset = new ArrayList<>();
        List<Finish> abandoned = new ArrayList<>();
        boolean kept = false;
        for (TaskStore.Held held : transaction.list(TaskStore.HELD_BY, other.id())) {
            if (held.recoveryAttempts() < MAX_RECOVERIES) {
                reset.add(held);
            } else {
                // Who lacks the definition cannot say what follows: a runner that has it will do it.
                Optional<Finish> end =
                        workflows.find(held.workflow(), held.version()).map(workflow -> abandoned(held, workflow));
                kept |= end.isEmpty();
                end.ifPresent(abandoned::add);
            }
        }
        reset(transaction, reset, other, effects);
        abandon(transaction, abandoned, other, effects);
        if (!kept) {
            transaction.run(RunnerStore.REMOVE, other.id());
        }
        if (!kept || !reset.isEmpty()) {
            LOG.info(
                    "runner {} on {} is gone: {} of its tasks can run again, {} were recovered too often",
                    other.id(),
                    other.process().host(),
                    reset.size(),
                    abandoned.size());
        }
        return !kept;
    }

    private void reset(
            WriteTransaction transaction, List<TaskStore.Held> tasks, RunnerStore.Known dead, Effects effects) {
        if (tasks.isEmpty()) {
            return;
        }
        UniversalTimestamp at = UniversalTimestamp.now(clock);
        int[] counts = transaction.batch(
                TaskStore.RESET,
                tasks.stream()
                        .map(held -> new TaskStore.GiveBack(held.claim(), at))
                        .toList());
        Map<UniversalUuid, Integer> byExecution = new TreeMap<>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                // Its last commit was still under way, and it was that of its end.
                continue;
            }
            TaskStore.Held held = tasks.get(i);
            record(transaction, held.claim(), dead, RecoveryType.TASK_RESET, at);
            byExecution.merge(held.claim().execution(), 1, Integer::sum);
            workflows.ready(held.workflow(), held.version(), held.priority(), effects);
            effects.event(new EngineEvent.TaskRecovered(
                    held.claim().execution().value(),
                    held.workflow(),
                    held.claim().taskName()));
        }
        List<ExecutionStore.Recovery> recoveries = new ArrayList<>();
        byExecution.forEach((execution, number) -> recoveries.add(new ExecutionStore.Recovery(execution, number, at)));
        if (!recoveries.isEmpty()) {
            transaction.batch(ExecutionStore.RECOVERED, recoveries);
        }
    }

    private static Finish abandoned(TaskStore.Held held, Workflow workflow) {
        String error = "abandoned: its runner died " + (held.recoveryAttempts() + 1) + " times while it ran";
        Claimed claimed = held.claimed(workflow);
        Finish.Ending ending = claimed.task() == null
                ? new Finish.Orphaned(error)
                : new Finish.Failed(error, new TaskAbandonedException(error));
        return new Finish(claimed, ending, null);
    }

    private void abandon(
            WriteTransaction transaction, List<Finish> abandoned, RunnerStore.Known dead, Effects effects) {
        if (abandoned.isEmpty()) {
            return;
        }
        UniversalTimestamp at = UniversalTimestamp.now(clock);
        committer.finish(transaction, abandoned, effects);
        for (Finish finish : abandoned) {
            if (finish.ending() instanceof Finish.Orphaned || effects.recorded().contains(finish)) {
                record(transaction, finish.claim(), dead, RecoveryType.TASK_ABANDONED, at);
            }
        }
    }

    private static void record(
            WriteTransaction transaction,
            Claim claim,
            RunnerStore.Known dead,
            RecoveryType type,
            UniversalTimestamp at) {
        ObjectNode details = JsonContext.empty();
        details.put("runner", dead.id().toString());
        details.put("host", dead.process().host());
        details.put("pid", dead.process().pid());
        details.put("attempt", claim.attempt());
        transaction.run(
                RunnerStore.INSERT_EVENT,
                new RunnerStore.NewEvent(
                        UniversalUuid.v7(), claim.execution(), claim.task(), type, details.toString(), at));
    }
}
