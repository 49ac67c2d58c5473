package io.cloacina.engine;

import io.cloacina.api.TaskBody;
import io.cloacina.api.WorkflowDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Step three of the walk: loads what a task sees, runs its body, and hands the result to the committer. */
final class TaskRunner {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);

    private final ContextLoader contexts;
    private final Committer committer;

    TaskRunner(ContextLoader contexts, Committer committer) {
        this.contexts = contexts;
        this.committer = committer;
    }

    WriteLanes.Answer<Planner.Outcome> run(Claim claim, WorkflowDefinition workflow) {
        TaskBody body = workflow.task(claim.taskName()).orElseThrow().body();
        AttemptContext context;
        try {
            context = new AttemptContext(claim, contexts.load(claim.execution(), workflow, claim.taskName()));
            body.run(context);
        } catch (Throwable e) { // the edge of user code: whatever it throws fails the attempt, not the runner
            LOG.debug("task '{}' of execution {} failed", claim.taskName(), claim.execution(), e);
            return committer.failed(claim, workflow, e);
        }
        // A body that was interrupted and returned all the same has done its work: the flag must not break the commit.
        Thread.interrupted();
        return committer.succeeded(claim, workflow, context.patch());
    }
}
