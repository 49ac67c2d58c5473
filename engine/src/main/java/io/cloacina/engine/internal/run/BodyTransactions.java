package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskDefinition;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.write.ClaimFailedException;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.GroupTransaction;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.Transactions;
import io.cloacina.engine.internal.write.TransientRetry;
import io.cloacina.engine.internal.write.Unwritable;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.engine.model.TransactionLostException;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.type.UniversalUuid;
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
                    "TRANSACTION_LOST",
                    "the body changed or deleted the row of its own task in task_executions, and so its end cannot be recorded:"
                            + " a body must not change the tables of the engine, only those of the application");
        }
    }

    /**
     * Runs an attempt and records that it completed. Any other end is returned, and the caller must record it.
     *
     * @throws LostClaimException if the claim no longer belongs to this runner; the transaction was rolled back
     */
    Optional<Outcome> run(Attempt attempt, TaskDefinition task) {
        boolean claims = true;
        int failures = 0;
        try {
            while (true) {
                int begunBefore = attempt.begun();
                try {
                    CommitEffects effects = attempt(attempt, task, claims);
                    attempt.recorded();
                    lanes.act(effects);
                    return Optional.empty();
                } catch (TaskRunner.BodyFailure e) {
                    return Optional.of(e.outcome());
                } catch (ClaimFailedException e) {
                    claims = false; // the body runs again, and its transaction claims no further tasks
                } catch (OwnClaimChangedException | Transactions.NotCommittedException | DatabaseException e) {
                    boolean isLost = attempt.begun() > begunBefore;
                    if (!mayHelp(e) || isOver(attempt)) {
                        return Optional.of(runner.unfinished(attempt, task, e));
                    }
                    if (isLost && attempt.begun() > REPETITIONS) {
                        Claim claim = attempt.claim();
                        TransactionLostException lost = new TransactionLostException(claim.taskName(), claim.run(), e);
                        return Optional.of(runner.unfinished(attempt, task, lost));
                    }
                    LOG.warn("transactional task '{}': {}; trying again", task.name(), e.getMessage());
                    failures = isLost ? attempt.begun() : failures + 1;
                    transientRetry.waitAfter(failures);
                    if (isLost && Unwritable.isNow(e)) {
                        awaitWritable(attempt);
                    }
                }
            }
        } finally {
            attempt.unlimit();
        }
    }

    private CommitEffects attempt(Attempt attempt, TaskDefinition task, boolean claims) {
        UniversalUuid before = lease.runner();
        try {
            return transactions.attemptOfBody(claims, work -> {
                Outcome outcome = runner.runWithin(work.transaction(), attempt, task);
                work.transaction().recall(LOCK_WAIT);
                groupTransaction.run(work, List.of(Write.Ended.ofBody(outcome)));
                if (!work.effects().recorded().contains(outcome)) {
                    throw new LostClaimException(outcome.claim());
                }
            });
        } catch (LostClaimException e) {
            // After the rollback the claim is still there: so the body itself had changed it.
            throw lease.holds(attempt.claim()) ? new OwnClaimChangedException() : e;
        } catch (ClaimFailedException e) {
            throw transactions.isRunnerLost(before, e) ? new LostClaimException(attempt.claim()) : e;
        } catch (DatabaseException e) {
            throw transactions.isRunnerLost(before, e) ? new LostClaimException(attempt.claim()) : e;
        }
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
