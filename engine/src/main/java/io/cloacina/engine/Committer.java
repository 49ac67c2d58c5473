package io.cloacina.engine;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps four and five of the walk: records how an attempt ended and advances its execution, in one transaction. */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    /** A lost claim leads to nothing. */
    private static final Planner.Outcome NOTHING = new Planner.Outcome(0, false);

    private final WriteLanes lanes;
    private final Clock clock;

    Committer(WriteLanes lanes, Clock clock) {
        this.lanes = lanes;
        this.clock = clock;
    }

    /** The body returned: {@code patch} is what it wrote, null if nothing. With the commit the slot is filled again. */
    WriteLanes.Answer<Planner.Outcome> succeeded(Claim claim, WorkflowDefinition workflow, @Nullable String patch) {
        return lanes.writeAndClaim(claim.execution(), 1, transaction -> {
            UniversalTimestamp at = UniversalTimestamp.now(clock);
            if (transaction.run(TaskStore.COMPLETE, new TaskStore.Completion(claim, at)) == 0) {
                return lost(transaction, claim);
            }
            storeOutput(transaction, claim, patch, at);
            return Planner.advance(transaction, workflow, claim.execution(), claim.taskName(), at);
        });
    }

    /** The body threw: the task is tried again if its policy allows, otherwise it has failed. */
    WriteLanes.Answer<Planner.Outcome> failed(
            Claim claim, WorkflowDefinition workflow, RetryPolicy retry, Throwable error) {
        String text = ErrorText.of(error);
        return lanes.writeAndClaim(claim.execution(), 1, transaction -> {
            UniversalTimestamp at = UniversalTimestamp.now(clock);
            if (claim.attempt() < claim.maxAttempts()) {
                UniversalTimestamp due = at.plus(retry.delay());
                boolean held = transaction.run(TaskStore.RETRY, new TaskStore.Retry(claim, text, due, at)) == 1;
                return held ? new Planner.Outcome(1, false) : lost(transaction, claim);
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
        if (transaction.run(TaskStore.FAIL, new TaskStore.Failure(claim, error, at)) == 0) {
            return lost(transaction, claim);
        }
        return Planner.advance(transaction, workflow, claim.execution(), claim.taskName(), at);
    }

    /** Gives a task back that this runner will not finish; false if the claim was lost before. */
    boolean release(Claim claim) {
        TaskStore.GiveBack back = new TaskStore.GiveBack(claim, UniversalTimestamp.now(clock));
        return lanes.write(claim.execution(), transaction -> transaction.run(TaskStore.RELEASE, back)) == 1;
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

    /** Another runner has the task, or a commit whose answer was lost had arrived: then all of it had. */
    private static Planner.Outcome lost(WriteTransaction transaction, Claim claim) {
        if (transaction.find(TaskStore.WAS_COMPLETED, claim).orElse(false)) {
            // What followed is not known here any more: let everyone look.
            return new Planner.Outcome(1, true);
        }
        LOG.warn(
                "task '{}' of execution {}: attempt {} was taken from this runner; its result is dropped",
                claim.taskName(),
                claim.execution(),
                claim.attempt());
        return NOTHING;
    }
}
