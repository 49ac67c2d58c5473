package io.cloacina.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.tables.RecoveryType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Step six of the walk: gives the tasks of dead runners back. A runner is dead when its lease is over, or when its process
 * is known to be gone. A task that was recovered too often is failed, through the same planner as any other.
 */
final class LeaseSweeper {
    static final int MAX_RECOVERIES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(LeaseSweeper.class);

    private final Database database;
    private final Workflows workflows;
    private final Lease lease;
    private final Clock clock;

    LeaseSweeper(Database database, Workflows workflows, Lease lease, Clock clock) {
        this.database = database;
        this.workflows = workflows;
        this.lease = lease;
        this.clock = clock;
    }

    /** What a sweep did: how many tasks can be claimed again, and the executions that ended by it. */
    record Swept(int tasksReset, List<UniversalUuid> finished) {}

    Swept sweep() {
        int reset = 0;
        List<UniversalUuid> finished = new ArrayList<>();
        for (RunnerStore.Known other : database.list(RunnerStore.OTHERS, lease.runner())) {
            Swept swept = database.write(transaction -> recoverFrom(transaction, other));
            reset += swept.tasksReset;
            finished.addAll(swept.finished);
        }
        return new Swept(reset, finished);
    }

    private Swept recoverFrom(WriteTransaction transaction, RunnerStore.Known other) {
        UniversalTimestamp now = Lease.databaseClock(transaction);
        boolean isOver = other.leaseExpiresAt().compareTo(now) <= 0;
        List<UniversalUuid> finished = new ArrayList<>();
        // The guard holds the row: a heartbeat that comes now waits, and then finds the runner gone.
        if (!(isOver || other.process().isKnownDead(lease.process()))
                || transaction.run(RunnerStore.CONDEMN, other) == 0) {
            return new Swept(0, finished);
        }
        int reset = 0;
        boolean kept = false;
        for (TaskStore.Held held : transaction.list(TaskStore.HELD_BY, other.id())) {
            if (held.recoveryAttempts() < MAX_RECOVERIES) {
                reset += reset(transaction, held, other);
            } else if (!abandon(transaction, held, other, finished)) {
                kept = true;
            }
        }
        if (!kept) {
            transaction.run(RunnerStore.REMOVE, other.id());
        }
        if (!kept || reset > 0) {
            LOG.info(
                    "runner {} on {} is gone: {} of its tasks can run again",
                    other.id(),
                    other.process().host(),
                    reset);
        }
        return new Swept(reset, finished);
    }

    private int reset(WriteTransaction transaction, TaskStore.Held held, RunnerStore.Known dead) {
        UniversalTimestamp at = UniversalTimestamp.now(clock);
        int changed = transaction.run(TaskStore.RESET, new TaskStore.GiveBack(held.claim(), at));
        if (changed == 1) {
            record(transaction, held, dead, RecoveryType.TASK_RESET, at);
        }
        return changed;
    }

    /** False if this runner lacks the definition that says what follows: a runner that has it will do it. */
    private boolean abandon(
            WriteTransaction transaction, TaskStore.Held held, RunnerStore.Known dead, List<UniversalUuid> finished) {
        Optional<WorkflowDefinition> workflow = workflows.find(held.workflow(), held.version());
        if (workflow.isEmpty()) {
            return false;
        }
        UniversalTimestamp at = UniversalTimestamp.now(clock);
        String error = "abandoned: its runner died " + (held.recoveryAttempts() + 1) + " times while it ran";
        record(transaction, held, dead, RecoveryType.TASK_ABANDONED, at);
        Planner.Outcome failed = Committer.fail(transaction, held.claim(), workflow.get(), error, at);
        if (failed.executionFinished()) {
            finished.add(held.claim().execution());
        }
        return true;
    }

    private static void record(
            WriteTransaction transaction,
            TaskStore.Held held,
            RunnerStore.Known dead,
            RecoveryType type,
            UniversalTimestamp at) {
        ObjectNode details = JsonContext.empty();
        details.put("runner", dead.id().toString());
        details.put("host", dead.process().host());
        details.put("pid", dead.process().pid());
        details.put("attempt", held.claim().attempt());
        transaction.run(
                RunnerStore.INSERT_EVENT,
                new RunnerStore.NewEvent(
                        UniversalUuid.v7(),
                        held.claim().execution(),
                        held.claim().task(),
                        type,
                        details.toString(),
                        at));
    }
}
