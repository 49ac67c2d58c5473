package io.cloacina.engine;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Step three of the walk: takes ready tasks for this runner, never more than it has free slots. */
final class Claimer {
    private final Database database;
    private final List<WorkflowDefinition> workflows;
    private final Lease lease;
    private final Clock clock;
    private final Patience patience;

    Claimer(Database database, List<WorkflowDefinition> workflows, Lease lease, Clock clock, Patience patience) {
        this.database = database;
        this.workflows = List.copyOf(workflows);
        this.lease = lease;
        this.clock = clock;
        this.patience = patience;
    }

    /** A claimed task and the definition it is of. */
    record Claimed(Claim claim, WorkflowDefinition workflow) {}

    /** Claims at most that many tasks. */
    List<Claimed> claim(int freeSlots) {
        List<Claimed> claimed = new ArrayList<>();
        for (WorkflowDefinition workflow : workflows) {
            if (claimed.size() < freeSlots) {
                claim(workflow, freeSlots - claimed.size()).forEach(claim -> claimed.add(new Claimed(claim, workflow)));
            }
        }
        return claimed;
    }

    private List<Claim> claim(WorkflowDefinition workflow, int atMost) {
        return patience.keepTrying(
                "claiming tasks",
                () -> database.write(transaction -> {
                    UniversalTimestamp at = UniversalTimestamp.now(clock);
                    List<Claim> claims = transaction.list(
                            TaskStore.CLAIM,
                            new TaskStore.ClaimRequest(
                                    workflow.name(), workflow.version(), lease.runner(), atMost, at));
                    Set<UniversalUuid> executions = new HashSet<>();
                    claims.stream()
                            .map(Claim::execution)
                            .filter(executions::add)
                            .forEach(execution ->
                                    transaction.run(ExecutionStore.START, new ExecutionStore.At(execution, at)));
                    return claims;
                }));
    }
}
