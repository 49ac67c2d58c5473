package io.cloacina.engine;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.tables.TaskStatus;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps four and five of the walk: records how an attempt ended and advances its execution, in one transaction. */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private final WriteLanes lanes;
    private final Clock clock;

    Committer(WriteLanes lanes, Clock clock) {
        this.lanes = lanes;
        this.clock = clock;
    }

    /** A lost claim leads to nothing. */
    private static final Planner.Outcome NOTHING = new Planner.Outcome(0, false);

    /** The body returned: {@code patch} is what it wrote, null if nothing. With the commit the slot is filled again. */
    WriteLanes.Answer<Planner.Outcome> succeeded(Claim claim, WorkflowDefinition workflow, @Nullable String patch) {
        return lanes.writeAndClaim(claim.execution(), 1, transaction -> {
            UniversalTimestamp at = UniversalTimestamp.now(clock);
            if (transaction.run(TaskStore.FINISH, new TaskStore.Finish(claim, TaskStatus.COMPLETED, null, at)) == 0) {
                return lost(claim);
            }
            storeOutput(transaction, claim, patch, at);
            return Planner.advance(transaction, workflow, claim.execution(), claim.taskName(), at);
        });
    }

    /** The body threw: the task is tried again if its policy allows, otherwise it has failed. */
    WriteLanes.Answer<Planner.Outcome> failed(Claim claim, WorkflowDefinition workflow, Throwable error) {
        RetryPolicy retry = workflow.task(claim.taskName()).orElseThrow().retry();
        String text = stackTrace(error);
        return lanes.writeAndClaim(claim.execution(), 1, transaction -> {
            UniversalTimestamp at = UniversalTimestamp.now(clock);
            if (claim.attempt() < retry.maxAttempts()) {
                UniversalTimestamp due = at.plus(retry.delay());
                boolean held = transaction.run(TaskStore.RETRY, new TaskStore.Retry(claim, text, due, at)) == 1;
                return held ? new Planner.Outcome(1, false) : lost(claim);
            }
            return fail(transaction, claim, workflow, text, at);
        });
    }

    /** Fails a task for good. */
    static Planner.Outcome fail(
            WriteTransaction transaction,
            Claim claim,
            WorkflowDefinition workflow,
            String error,
            UniversalTimestamp at) {
        if (transaction.run(TaskStore.FINISH, new TaskStore.Finish(claim, TaskStatus.FAILED, error, at)) == 0) {
            return lost(claim);
        }
        return Planner.advance(transaction, workflow, claim.execution(), claim.taskName(), at);
    }

    /** Gives a task back that this runner will not finish. */
    void release(Claim claim) {
        lanes.write(
                claim.execution(),
                transaction -> transaction.run(
                        TaskStore.RELEASE, new TaskStore.Release(claim, UniversalTimestamp.now(clock))));
    }

    private static void storeOutput(
            WriteTransaction transaction, Claim claim, @Nullable String patch, UniversalTimestamp at) {
        UniversalUuid context = null;
        if (patch != null) {
            context = UniversalUuid.v7();
            transaction.run(ExecutionStore.INSERT_CONTEXT, new ExecutionStore.NewContext(context, patch, at));
        }
        transaction.run(
                ExecutionStore.INSERT_OUTPUT,
                new ExecutionStore.NewOutput(
                        UniversalUuid.v7(), claim.task(), claim.execution(), claim.taskName(), context, at));
    }

    private static Planner.Outcome lost(Claim claim) {
        LOG.warn(
                "task '{}' of execution {}: attempt {} was taken from this runner; its result is dropped",
                claim.taskName(),
                claim.execution(),
                claim.attempt());
        return NOTHING;
    }

    private static String stackTrace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
