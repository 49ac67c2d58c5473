package io.cloacina.engine.internal.write;

import io.cloacina.api.FanOut;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.ElementStore;
import io.cloacina.engine.internal.store.ReadyStore;
import io.cloacina.engine.internal.store.WaitStore;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts down the children that tasks wait for, in the transaction that ends these: child executions, and runs for the
 * elements of a list. When the last child has ended, the task becomes ready again.
 */
public final class ParentNotifier {
    private final Workflows workflows;

    public ParentNotifier(Workflows workflows) {
        this.workflows = workflows;
    }

    /** Counts down that many of the children that a task waits for. */
    void ended(UnitOfWork work, UniversalUuid parent, int number) {
        countDown(work, Map.of(parent, number));
    }

    /** A child execution has ended. It counts only if it is the last one that the task has submitted. */
    void childEnded(UnitOfWork work, UniversalUuid child, UniversalUuid parent) {
        // An earlier child may have been retried by a user. A transaction that submits a new one locks this row, too,
        // so one of the two sees what the other has done.
        boolean isWaitedFor = work.run(WaitStore.LOCK_PARENT, new WaitStore.GoOn(parent, work.at())) == 1
                && work.find(ElementStore.CHILD_OF, parent)
                        .filter(child::equals)
                        .isPresent();
        if (isWaitedFor) {
            ended(work, parent, 1);
        }
    }

    /** Runs of one task that ended together. */
    private static final class EndedRuns {
        private final Planner.Done any;
        private int runs;
        private boolean failed;

        EndedRuns(Planner.Done any) {
            this.any = any;
        }
    }

    /** Runs for elements have ended: further ones may begin, or are skipped after a failure. */
    void elementsEnded(UnitOfWork work, List<Planner.Done> runs) {
        if (runs.isEmpty()) {
            return;
        }
        Map<UniversalUuid, EndedRuns> byParent = new TreeMap<>();
        for (Planner.Done run : runs) {
            EndedRuns ended = byParent.computeIfAbsent(
                    Objects.requireNonNull(run.element()).parent(), absent -> new EndedRuns(run));
            ended.runs++;
            ended.failed |= run.status() == TaskStatus.FAILED;
        }
        Map<UniversalUuid, Integer> counts = new TreeMap<>();
        byParent.forEach((parent, ended) -> {
            TaskDefinition task = ended.any.task();
            FanOut fanOut = task.fanOut().orElseThrow();
            int skipped = 0;
            boolean skipsRest = ended.failed && !fanOut.isCollecting();
            if (skipsRest || fanOut.atOnce() != FanOut.UNBOUNDED) {
                // Other transactions that end runs of this task wait here, so that no run is begun twice.
                work.run(WaitStore.LOCK_PARENT, new WaitStore.GoOn(parent, work.at()));
            }
            if (skipsRest) {
                skipped = work.run(
                        ElementStore.SKIP_REST,
                        new ElementStore.Rest(parent, "the run for another element failed", work.at()));
            } else if (fanOut.atOnce() != FanOut.UNBOUNDED) {
                beginNext(work, parent, ended);
            }
            counts.put(parent, ended.runs + skipped);
        });
        countDown(work, counts);
    }

    private static void beginNext(UnitOfWork work, UniversalUuid parent, EndedRuns ended) {
        List<UniversalUuid> next = work.list(ElementStore.NEXT, new ElementStore.Next(parent, ended.runs));
        if (!next.isEmpty()) {
            work.batch(
                    ElementStore.BEGIN,
                    next.stream().map(run -> new WaitStore.GoOn(run, work.at())).toList());
            work.effects()
                    .ready(
                            ended.any.workflow(),
                            ended.any.priorityOfExecution() + ended.any.task().priority());
        }
    }

    private void countDown(UnitOfWork work, Map<UniversalUuid, Integer> ended) {
        List<WaitStore.EndedChildren> counting = new ArrayList<>();
        ended.forEach((parent, number) -> counting.add(new WaitStore.EndedChildren(parent, number, work.at())));
        List<Optional<WaitStore.Left>> left = work.findEach(WaitStore.COUNT_DOWN_CHILDREN, counting);
        for (int i = 0; i < left.size(); i++) {
            // Empty: the parent was cancelled, and waits no more.
            if (left.get(i).filter(count -> count.remaining() == 0).isPresent()) {
                goOn(work, counting.get(i).task());
            }
        }
    }

    private void goOn(UnitOfWork work, UniversalUuid parent) {
        work.find(WaitStore.GO_ON, new WaitStore.GoOn(parent, work.at()))
                .ifPresent(waiting -> mayBeReady(waiting, work.effects()));
    }

    /** An execution of a workflow has ended: limits may have room for another one. */
    void mayHaveRoom(String workflow, CommitEffects effects) {
        workflows
                .find(workflow)
                .filter(Workflow::isBounded)
                .ifPresent(bounded -> effects.ready(bounded, ClaimableWorkflows.SUSPICION));
    }

    /** A task is ready; it may be of a workflow that only other processes have. */
    void mayBeReady(ReadyStore.ReadyWorkflow waiting, CommitEffects effects) {
        effects.ready(workflows, waiting.workflow(), waiting.version(), waiting.priority());
    }
}
