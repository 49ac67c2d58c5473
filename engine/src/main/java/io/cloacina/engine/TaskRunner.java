package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.DatabaseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Step three of the walk: loads what a task sees, runs its body, and hands the result to the committer. */
final class TaskRunner {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

    private final ContextLoader contexts;
    private final Committer committer;
    private volatile boolean givingUp;

    TaskRunner(ContextLoader contexts, Committer committer) {
        this.contexts = contexts;
        this.committer = committer;
    }

    /** Bodies are interrupted from now on: one that ends by it has not failed. */
    void giveUp() {
        givingUp = true;
    }

    /** Runs one attempt to its commit; null if it was given back instead. */
    WriteLanes.@Nullable Answer<Planner.Outcome> run(Claim claim, WorkflowDefinition workflow) {
        RetryPolicy retry = RetryPolicy.NONE;
        String patch;
        try {
            TaskDefinition task = workflow.task(claim.taskName())
                    .orElseThrow(() -> new CloacinaException("workflow " + workflow + " has no task '"
                            + claim.taskName() + "': its tasks were changed and its version was not"));
            retry = task.retry();
            AttemptContext context =
                    new AttemptContext(claim, contexts.load(claim.execution(), workflow, claim.taskName()));
            task.body().run(context);
            patch = context.patch();
        } catch (Throwable e) { // the edge of user code: whatever it throws fails the attempt, not the runner
            LOG.debug("task '{}' of execution {} failed", claim.taskName(), claim.execution(), e);
            return ended(claim, workflow, retry, e);
        }
        // A body that was interrupted and returned all the same has done its work: the flag must not break the commit.
        Thread.interrupted();
        try {
            return committer.succeeded(claim, workflow, patch);
        } catch (DatabaseException | CloacinaException e) {
            // It cannot be stored, and trying again would not help: that is how the attempt ended.
            return ended(claim, workflow, retry, e);
        }
    }

    private WriteLanes.@Nullable Answer<Planner.Outcome> ended(
            Claim claim, WorkflowDefinition workflow, RetryPolicy retry, Throwable error) {
        Thread.interrupted();
        if (givingUp) {
            committer.release(claim);
            return null;
        }
        return committer.failed(claim, workflow, retry, error);
    }
}
