package io.cloacina.engine;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Step two of the walk: takes ready tasks for this runner, never more than it has free slots. */
final class Claimer {
    private final Workflows workflows;
    private final Lease lease;
    private final Clock clock;
    private final AtomicInteger turn = new AtomicInteger();

    Claimer(Workflows workflows, Lease lease, Clock clock) {
        this.workflows = workflows;
        this.lease = lease;
        this.clock = clock;
    }

    /** A claimed task and the definition it is of. */
    record Claimed(Claim claim, WorkflowDefinition workflow) {}

    /** Claims at most that many tasks. */
    List<Claimed> claim(WriteTransaction transaction, int atMost) {
        UniversalTimestamp at = UniversalTimestamp.now(clock);
        List<Claimed> claimed = new ArrayList<>();
        // Each workflow begins in turn, so that a busy one does not keep the others from their share.
        List<WorkflowDefinition> all = workflows.all();
        int first = turn.getAndIncrement();
        for (int i = 0; i < all.size() && claimed.size() < atMost; i++) {
            WorkflowDefinition workflow = all.get(Math.floorMod(first + i, all.size()));
            transaction
                    .list(
                            TaskStore.CLAIM,
                            new TaskStore.ClaimRequest(
                                    workflow.name(), workflow.version(), lease.runner(), atMost - claimed.size(), at))
                    .forEach(claim -> claimed.add(new Claimed(claim, workflow)));
        }
        claimed.stream()
                .map(each -> each.claim().execution())
                .distinct()
                .sorted()
                .forEach(execution -> transaction.run(ExecutionStore.START, new ExecutionStore.At(execution, at)));
        return claimed;
    }
}
