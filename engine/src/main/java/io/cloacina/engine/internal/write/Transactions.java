package io.cloacina.engine.internal.write;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Single tries of transactions, each of which runs the steps of a task's path and returns its effects. Thread safe. */
public final class Transactions {
    private final Database database;
    private final GroupTransaction groupTransaction;
    private final Lease lease;
    private final Slots slots;
    private final ClaimableWorkflows claimable;
    private final @Nullable ApplicationTransactions application;
    private final Unannounced unannounced;
    private final Clock clock;
    private final AtomicBoolean lostAnswers = new AtomicBoolean();
    private volatile boolean claiming = true;

    public Transactions(SharedParts parts, GroupTransaction groupTransaction) {
        this.database = parts.database();
        this.groupTransaction = groupTransaction;
        this.lease = parts.lease();
        this.slots = parts.slots();
        this.claimable = parts.claimable();
        this.application = parts.settings().host().transactions();
        this.unannounced = parts.unannounced();
        this.clock = parts.settings().clock();
    }

    /** The transaction manager of the application threw, and the cause is not an error of the database. */
    public static final class NotCommittedException extends CloacinaException {
        private static final long serialVersionUID = 1L;

        NotCommittedException(RuntimeException cause) {
            super(
                    "TRANSACTION_NOT_COMMITTED",
                    "the transaction manager of the application did not commit the transaction of the task: "
                            + cause.getMessage(),
                    cause);
        }
    }

    /** Allows or forbids transactions to claim from now on. */
    void claim(boolean allowed) {
        claiming = allowed;
    }

    boolean isClaiming() {
        return claiming;
    }

    /**
     * Whether the answer to a commit may have been lost since the last call, so that this runner may have unknown
     * claims.
     */
    boolean mayHaveLostAnswers() {
        return lostAnswers.getAndSet(false);
    }

    void answersMayBeLost() {
        lostAnswers.set(true);
    }

    /**
     * Writes a group in one transaction.
     *
     * @param claims whether it may claim as well
     * @param lockWait how long it waits for locks of other transactions
     * @param isRepeated whether it was tried before. A repeated try first asks the database something, so that it is known
     *     whether that can be reached: otherwise all of the transaction may be sent at once, and if the connection breaks
     *     then, it may never have led to a database
     * @throws LostTryException if the transaction had begun and was lost
     * @throws ClaimFailedException if only its claims failed
     * @throws DatabaseException of a retryable kind if it could not even begin
     * @throws RuntimeException the exception of a write; nothing is stored then
     */
    public CommitEffects attempt(List<Write> group, boolean claims, Duration lockWait, boolean isRepeated) {
        try {
            return attempt(group, claims, lockWait, isRepeated, true);
        } catch (DatabaseException e) {
            if (!mayBeOfLostClaim(group, e)) {
                throw e;
            }
            return attempt(group, claims, lockWait, isRepeated, false); // asks which claims are valid
        }
    }

    /**
     * Whether the group failed because a claim that was expected to hold may be lost. What follows from the end of an
     * attempt is sent with it, and may break a rule of the tables before it is known that the end was not recorded: an
     * output is there already, or its execution was deleted.
     */
    public static boolean mayBeOfLostClaim(List<Write> group, DatabaseException failure) {
        boolean completes = group.stream()
                .anyMatch(write ->
                        write instanceof Write.Ended ended && ended.finish().ending() instanceof Outcome.Completed);
        return completes
                && switch (failure.kind()) {
                    case STALE, UNIQUE, FOREIGN_KEY, CHECK -> true;
                    default -> false;
                };
    }

    private CommitEffects attempt(
            List<Write> group, boolean claims, Duration lockWait, boolean isRepeated, boolean expectsClaims) {
        // Ended attempts free their slots with the commit, and the same transaction may fill them again.
        int lent = (int) group.stream().filter(Write.Ended.class::isInstance).count();
        boolean[] hasBegun = {false};
        long begun = System.nanoTime();
        UniversalUuid runner = lease.runner();
        Consumer<UnitOfWork> steps = work -> {
            work.transaction().waitForLocksAtMost(lockWait);
            if (isRepeated) {
                work.list(RunnerStore.DATABASE_CLOCK);
            }
            hasBegun[0] = true;
            if (expectsClaims) {
                work.expectClaims();
            }
            groupTransaction.run(work, group);
        };
        try {
            CommitEffects effects = attempt(lent, claims, steps);
            effects.took(System.nanoTime() - begun, group.size());
            return effects;
        } catch (ClaimFailedException e) {
            if (isRunnerLost(runner, e)) {
                throw new LostTryException((DatabaseException) e.why());
            }
            throw e;
        } catch (DatabaseException e) {
            boolean isKnown = isRepeated || e.kind() != ErrorKind.CONNECTION;
            boolean isLost = e.kind().isRetryable() && hasBegun[0] && isKnown;
            throw isLost || isRunnerLost(runner, e) ? new LostTryException(e) : e;
        }
    }

    /**
     * Whether an error says that the runner's row is gone, to which claims refer: others declared it dead. Before this
     * returns, the process has continued as a new runner.
     */
    public boolean isRunnerLost(UniversalUuid runner, DatabaseException error) {
        return error.kind() == ErrorKind.FOREIGN_KEY && lease.wasLost(runner);
    }

    /**
     * The same for a failed claim. If the runner is not lost, the workflows of the claim are left alone for a while.
     */
    public boolean isRunnerLost(UniversalUuid runner, ClaimFailedException error) {
        boolean isLost = error.why() instanceof DatabaseException why && isRunnerLost(runner, why);
        if (!isLost) {
            error.leaveAlone();
        }
        return isLost;
    }

    /** Runs some work as one transaction; the work adds its consequences to the effects. */
    public CommitEffects attempt(int lent, boolean claims, Consumer<UnitOfWork> steps) {
        return attempt(lent, claims, steps, database::write);
    }

    /**
     * As {@link #attempt(int, boolean, Consumer)}, in a transaction of the application if it has a manager.
     *
     * @throws NotCommittedException if the manager threw, for a reason other than the database. If it had committed
     *     before, maintenance finds the claims of the transaction, as after a lost answer
     */
    public CommitEffects attemptOfBody(boolean claims, Consumer<UnitOfWork> steps) {
        return attempt(1, claims, steps, application == null ? database::write : this::writeManaged);
    }

    private interface Writing {
        void write(Function<WriteTransaction, String> work);
    }

    private void writeManaged(Function<WriteTransaction, String> work) {
        RuntimeException[] thrown = {null};
        try {
            Objects.requireNonNull(application).run(connection -> {
                try {
                    database.join(connection, work);
                } catch (RuntimeException e) { // remembered, to tell it from the manager's own
                    thrown[0] = e;
                    throw e;
                }
            });
        } catch (RuntimeException e) {
            if (e == thrown[0]) {
                throw e;
            }
            // An exception of the manager itself: only the manager knows whether it had committed by then.
            answersMayBeLost();
            throw database.causeOf(e).orElseThrow(() -> new NotCommittedException(e));
        }
    }

    private CommitEffects attempt(int lent, boolean claims, Consumer<UnitOfWork> steps, Writing writing) {
        CommitEffects effects = new CommitEffects(slots, claimable, claims && claiming, lent, unannounced);
        boolean committed = false;
        boolean mayBeStored = false;
        try {
            writing.write(transaction -> {
                steps.accept(new UnitOfWork(transaction, clock, effects));
                return "written";
            });
            committed = true;
            return effects;
        } catch (DatabaseException e) {
            if (e.kind() == ErrorKind.CONNECTION) {
                answersMayBeLost();
                mayBeStored = true;
            }
            throw e;
        } catch (NotCommittedException e) {
            mayBeStored = true;
            throw e;
        } finally {
            if (!committed) {
                effects.rolledBack(lent);
            }
            if (!committed && !mayBeStored) {
                effects.notSubmitted();
            }
        }
    }
}
