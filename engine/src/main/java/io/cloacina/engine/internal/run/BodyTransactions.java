package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.api.TaskDefinition;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.write.GroupTransaction;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.TransactionResult;
import io.cloacina.engine.internal.write.Transactions;
import io.cloacina.engine.internal.write.TransientRetry;
import io.cloacina.engine.internal.write.Unwritable;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.engine.model.TransactionLostException;
import io.cloacina.schema.database.DatabaseException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the bodies of transactional tasks, each in the transaction that records its end. A transaction that is lost is retried
 * at once, together with the body, but only a few times. Then the attempt has failed as if its body had thrown, and the retry
 * policy decides what comes next. Thread safe.
 */
public final class BodyTransactions {
    private static final Logger LOG = LoggerFactory.getLogger(BodyTransactions.class);

    /** How often a body runs again in the same attempt. */
    public static final int REPETITIONS = 3;

    /**
     * How long the end of a body waits for locked rows of the engine: longer than other commits, because the body has done its
     * work.
     */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final GroupTransaction groupTransaction;
    private final WriteLanes lanes;
    private final Lease lease;
    private final TaskRunner runner;
    private final TransientRetry transientRetry;

    public BodyTransactions(
            Transactions transactions,
            GroupTransaction groupTransaction,
            WriteLanes lanes,
            Lease lease,
            TaskRunner runner,
            TransientRetry transientRetry) {
        this.transactions = transactions;
        this.groupTransaction = groupTransaction;
        this.lanes = lanes;
        this.lease = lease;
        this.runner = runner;
        this.transientRetry = transientRetry;
    }

    /** The claim of a transactional task is lost, so its transaction must be rolled back. */
    public static final class LostClaimException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public LostClaimException(Claim claim) {
            super("attempt " + claim.run() + " of task '" + claim.taskName() + "' no longer belongs to this runner");
        }
    }

    /** The body has changed, in its own transaction, the row in which its end would be recorded. */
    private static final class OwnClaimChangedException extends CloacinaException {
        private static final long serialVersionUID = 1L;

        OwnClaimChangedException() {
            super(
                    ErrorCodes.TRANSACTION_LOST,
                    "the body changed or deleted the row of its own task in task_executions, and so its end cannot be recorded:"
                            + " a body must not change the tables of the engine, only those of the application");
        }
    }

    /** What came of a transactional attempt. */
    sealed interface Result {}

    /** Its completion is recorded, and the effects of the commit were acted upon. */
    record Recorded() implements Result {}

    /** It ended otherwise, and the caller must record how. */
    record Unrecorded(Outcome outcome) implements Result {}

    /** Its claim no longer belongs to this runner; the transaction was rolled back. */
    record ClaimLost(LostClaimException why) implements Result {}

    /** What came of one try of its transaction. */
    private sealed interface Try {}

    /** No other try follows. */
    private record Over(Result result) implements Try {}

    /** Only the claims failed: the body runs again, and its transaction claims no further tasks. */
    private record WithoutClaims() implements Try {}

    /** The transaction is not committed. */
    private record Uncommitted(CloacinaException why) implements Try {}

    /** Runs an attempt, and records that it completed. */
    Result run(Attempt attempt) {
        TaskDefinition task = attempt.claimed().task();
        Optional<Outcome> before = runner.beforeBody(attempt, task);
        try {
            return before.isPresent() ? new Unrecorded(before.get()) : repeat(attempt, task);
        } catch (Throwable e) { // its end cannot be stored, whatever the reason: so the attempt has failed
            return new Unrecorded(runner.failed(attempt, task, e));
        }
    }

    private Result repeat(Attempt attempt, TaskDefinition task) {
        boolean mayClaim = true;
        int failures = 0;
        try {
            while (true) {
                int begunBefore = attempt.begun();
                Try once = once(attempt, task, mayClaim);
                if (once instanceof Over over) {
                    return over.result();
                } else if (once instanceof WithoutClaims) {
                    mayClaim = false;
                } else if (once instanceof Uncommitted uncommitted) {
                    CloacinaException why = uncommitted.why();
                    boolean isLost = attempt.begun() > begunBefore;
                    if (!mayHelp(why) || isOver(attempt)) {
                        return new Unrecorded(runner.unfinished(attempt, task, why));
                    }
                    if (isLost && attempt.begun() > REPETITIONS) {
                        Claim claim = attempt.claim();
                        TransactionLostException lost =
                                new TransactionLostException(claim.taskName(), claim.run(), why);
                        return new Unrecorded(runner.unfinished(attempt, task, lost));
                    }
                    LOG.warn("transactional task '{}': {}; trying again", task.name(), why.getMessage());
                    failures = isLost ? attempt.begun() : failures + 1;
                    transientRetry.waitAfter(failures);
                    if (isLost && Unwritable.isNow(why)) {
                        awaitWritable(attempt);
                    }
                }
            }
        } finally {
            attempt.unlimit();
        }
    }

    /** Runs the body and records its end in one transaction. */
    private Try once(Attempt attempt, TaskDefinition task, boolean mayClaim) {
        try {
            TransactionResult result = transactions.writeBody(mayClaim, work -> {
                Outcome outcome = runner.runWithin(work.transaction(), attempt, task);
                work.transaction().recall(LOCK_WAIT);
                groupTransaction.run(work, List.of(Write.AttemptEnd.ofBody(outcome)));
                if (!work.effects().recorded().contains(outcome)) {
                    throw new LostClaimException(outcome.claim());
                }
            });
            if (result instanceof TransactionResult.Committed committed) {
                attempt.recorded();
                lanes.act(committed.effects());
                return new Over(new Recorded());
            }
            return result instanceof TransactionResult.ClaimFailed
                    ? new WithoutClaims()
                    : claimLost(new LostClaimException(attempt.claim()));
        } catch (TaskRunner.BodyFailure e) {
            return new Over(new Unrecorded(e.outcome()));
        } catch (LostClaimException e) {
            return claimLost(attempt, e);
        } catch (Transactions.NotCommittedException | DatabaseException e) {
            return new Uncommitted(e);
        }
    }

    /** The end was not recorded. If the claim is still there after the rollback, the body itself had changed it. */
    private Try claimLost(Attempt attempt, LostClaimException lost) {
        try {
            return lease.isClaimValid(attempt.claim())
                    ? new Uncommitted(new OwnClaimChangedException())
                    : claimLost(lost);
        } catch (DatabaseException e) {
            return new Uncommitted(e);
        }
    }

    private static Try claimLost(LostClaimException lost) {
        return new Over(new ClaimLost(lost));
    }

    /** Whether a retry may succeed. */
    private static boolean mayHelp(CloacinaException e) {
        boolean isLost = e instanceof OwnClaimChangedException
                || (e instanceof DatabaseException why && why.kind().isRetryable());
        return isLost || Unwritable.isNow(e);
    }

    /** Whether the attempt must not be retried, because it was interrupted or the engine is closing. */
    private boolean isOver(Attempt attempt) {
        return attempt.interruption() != null || transientRetry.isOver();
    }

    /** Waits until the database can be written: until then, running the body again would be in vain. */
    private void awaitWritable(Attempt attempt) {
        for (int failures = 1; !isOver(attempt); failures++) {
            try {
                lease.renew();
                return;
            } catch (DatabaseException e) {
                if (!mayHelp(e)) {
                    return;
                }
                LOG.debug("waiting until the database can be written: {}", e.getMessage());
            }
            transientRetry.waitAfter(failures);
        }
    }
}
