package io.cloacina.engine.internal.write;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Step 6 of a task's path: completes an execution when its last leaf has ended, and wakes those who await it. */
public final class Completer {
    private final ParentNotifier parents;
    private final Continuations continuations;
    private final CompletionWaiters waiters;

    Completer(ParentNotifier parents, Continuations continuations, CompletionWaiters waiters) {
        this.parents = parents;
        this.continuations = continuations;
        this.waiters = waiters;
    }

    /** The finished tasks of one execution: how many leaves, and how many failures. */
    static final class Tally {
        private final Workflow workflow;
        private int leaves;
        private int failed;

        Tally(Workflow workflow) {
            this.workflow = workflow;
        }

        void add(Planner.Done done, boolean isLast) {
            leaves += isLast ? 1 : 0;
            failed += done.status() == TaskStatus.FAILED ? 1 : 0;
        }
    }

    void complete(UnitOfWork work, Map<UniversalUuid, Tally> tallies) {
        List<ExecutionStore.Finished> last = new ArrayList<>();
        List<ExecutionStore.Finished> counting = new ArrayList<>();
        tallies.forEach((execution, tally) -> {
            ExecutionStore.Finished finished =
                    new ExecutionStore.Finished(execution, tally.leaves, tally.failed, work.at());
            if (tally.failed == 0 && tally.leaves == tally.workflow.leaves()) {
                last.add(finished);
            } else if (tally.leaves > 0 || tally.failed > 0) {
                counting.add(finished);
            }
        });
        if (!last.isEmpty()) {
            // One statement for all of them, so that their rows are locked in order.
            boolean isAwaited = last.stream().anyMatch(each -> waiters.isAwaited(each.execution()));
            List<Optional<ExecutionStore.EndedExecution>> completed = work.findEach(
                    isAwaited ? ExecutionStore.COMPLETE_AND_READ : ExecutionStore.COMPLETE_WITH_LAST_LEAVES, last);
            for (int i = 0; i < completed.size(); i++) {
                ExecutionStore.EndedExecution now = completed.get(i).orElse(null);
                if (now != null) {
                    UniversalUuid execution = last.get(i).execution();
                    ended(work, execution, workflowOf(execution, tallies), ExecutionStatus.COMPLETED, now);
                } else {
                    // A task of it has failed before, it is paused, or another transaction has ended it.
                    counting.add(last.get(i));
                }
            }
        }
        if (!counting.isEmpty()) {
            count(work, counting, tallies);
        }
    }

    private void count(UnitOfWork work, List<ExecutionStore.Finished> counting, Map<UniversalUuid, Tally> tallies) {
        counting.sort((a, b) -> a.execution().compareTo(b.execution()));
        List<Optional<ExecutionStore.Count>> counts = work.findEach(ExecutionStore.COUNT, counting);
        for (int i = 0; i < counts.size(); i++) {
            ExecutionStore.Count count = counts.get(i).orElse(null);
            if (count == null || count.leavesRemaining() > 0) {
                continue;
            }
            UniversalUuid execution = counting.get(i).execution();
            ExecutionStatus status = count.isCancelled()
                    ? ExecutionStatus.CANCELLED
                    : count.tasksFailed() == 0 ? ExecutionStatus.COMPLETED : ExecutionStatus.FAILED;
            String error = status == ExecutionStatus.FAILED ? failedTasks(work.transaction(), execution) : null;
            work.find(ExecutionStore.COMPLETE, new ExecutionStore.Completion(execution, status, error, work.at()))
                    .ifPresent(now -> ended(work, execution, workflowOf(execution, tallies), status, now));
        }
    }

    private static String failedTasks(WriteTransaction transaction, UniversalUuid execution) {
        List<String> names = transaction.list(TaskStore.UNMET_OF, execution).stream()
                .filter(task -> task.status() == TaskStatus.FAILED)
                .map(TaskStore.Unmet::taskName)
                .toList();
        return "failed tasks: " + String.join(", ", names);
    }

    private static String workflowOf(UniversalUuid execution, Map<UniversalUuid, Tally> tallies) {
        return Objects.requireNonNull(tallies.get(execution)).workflow.name();
    }

    /** Collects the effects of the end of an execution, submits its successor, and continues its parent. */
    void ended(
            UnitOfWork work,
            UniversalUuid execution,
            String workflow,
            ExecutionStatus status,
            ExecutionStore.EndedExecution now) {
        work.effects().ended(execution, now.continuation() == null ? now.execution() : Optional.empty());
        work.effects()
                .event(new EngineEvent.ExecutionEnded(
                        execution.value(),
                        workflow,
                        status,
                        now.createdAt().toInstant(),
                        work.at().toInstant()));
        if (status == ExecutionStatus.COMPLETED) {
            continuations.submit(work, execution, now.continuation());
        }
        parents.mayHaveRoom(workflow, work.effects());
        if (now.parentTask() != null) {
            parents.childEnded(work, execution, now.parentTask());
        }
    }
}
