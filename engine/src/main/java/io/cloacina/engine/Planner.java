package io.cloacina.engine;

import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.tables.ExecutionStatus;
import io.cloacina.schema.tables.TaskStatus;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Decides what follows a finished task, in the transaction that finishes it. It counts down instead of looking around: its
 * cost is the edges of the graph that it follows, whatever the size of the execution.
 */
final class Planner {
    /** What a finish led to. */
    record Outcome(int madeReady, boolean executionFinished) {}

    private Planner() {}

    /** Advances an execution after one of its tasks was finished with whatever status. */
    static Outcome advance(
            WriteTransaction transaction,
            WorkflowDefinition workflow,
            UniversalUuid execution,
            String finishedTask,
            UniversalTimestamp at) {
        // First the counter of the execution: its row lock makes concurrent finishers take all further rows in turn.
        int remaining = countDown(transaction, execution, 1, at);
        int ready = 0;
        int skipped = 0;
        Deque<String> finished = new ArrayDeque<>(List.of(finishedTask));
        while (!finished.isEmpty()) {
            for (String successor : workflow.successors(finished.remove())) {
                // An execution keeps the tasks it was submitted with, should a definition change under its version.
                TaskStore.Countdown countdown = transaction
                        .find(TaskStore.COUNT_DOWN, new TaskStore.Finished(execution, successor, at))
                        .orElse(null);
                if (countdown == null || countdown.remaining() > 0) {
                    continue;
                }
                Optional<String> reason = whySkipped(transaction, workflow, execution, successor);
                TaskStore.Decision decision = new TaskStore.Decision(countdown.task(), reason.orElse(null), at);
                if (reason.isPresent()) {
                    skipped += transaction.run(TaskStore.SKIP, decision);
                    finished.add(successor);
                } else {
                    ready += transaction.run(TaskStore.MAKE_READY, decision);
                }
            }
        }
        if (skipped > 0) {
            remaining = countDown(transaction, execution, skipped, at);
        }
        if (remaining == 0) {
            complete(transaction, execution, at);
        }
        return new Outcome(ready, remaining == 0);
    }

    /** The default trigger rule: a task runs when all that it depends on is completed. */
    private static Optional<String> whySkipped(
            WriteTransaction transaction, WorkflowDefinition workflow, UniversalUuid execution, String taskName) {
        TaskDefinition task = workflow.task(taskName).orElseThrow();
        for (String dependency : task.dependencies()) {
            TaskStatus status = transaction
                    .find(TaskStore.STATUS, new TaskStore.Name(execution, dependency))
                    .orElse(TaskStatus.COMPLETED);
            if (status != TaskStatus.COMPLETED) {
                return Optional.of("skipped: its dependency '" + dependency + "' is " + status.label());
            }
        }
        return Optional.empty();
    }

    private static int countDown(
            WriteTransaction transaction, UniversalUuid execution, int tasks, UniversalTimestamp at) {
        return transaction
                .find(ExecutionStore.COUNT_DOWN, new ExecutionStore.Finished(execution, -tasks, at))
                .orElseThrow(() -> new IllegalStateException("execution " + execution + " is gone"));
    }

    private static void complete(WriteTransaction transaction, UniversalUuid execution, UniversalTimestamp at) {
        List<String> failed = transaction.list(TaskStore.FAILED_OF, execution);
        ExecutionStore.Completion completion = failed.isEmpty()
                ? new ExecutionStore.Completion(execution, ExecutionStatus.COMPLETED, null, at)
                : new ExecutionStore.Completion(
                        execution, ExecutionStatus.FAILED, "failed tasks: " + String.join(", ", failed), at);
        transaction.run(ExecutionStore.COMPLETE, completion);
    }
}
