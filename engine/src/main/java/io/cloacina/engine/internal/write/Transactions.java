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

/** Single tries of transactions, which run the steps of the walk: what they led to is known when they are committed. Thread safe. */
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

    /** The transaction manager of the application threw, and no error of the database is the cause. */
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

    /** Whether transactions claim from now on. */
    void claim(boolean allowed) {
        claiming = allowed;
    }

    boolean isClaiming() {
        return claiming;
    }

    /** Whether the answer to a commit may have been lost since this was asked last: then something may be held unknowingly. */
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
     * @param lockWait how long it waits for what others hold
     * @param isRepeated whether it was tried before: then it first asks the database something, so that it is known
     *     whether that is there. Otherwise all of it may be sent at once, and a connection that breaks then may never
     *     have led to a database
     * @throws LostTryException if the transaction had begun and was lost
     * @throws ClaimFailedException if only its claims failed
     * @throws DatabaseException of a retryable kind if it could not even begin
     * @throws RuntimeException what a member threw; nothing is stored then
     */
    public CommitEffects attempt(List<Write> group, boolean claims, Duration lockWait, boolean isRepeated) {
        // What ended frees its slot with the commit, and the same transaction may fill it again.
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

    /** Claims refer to the runner. If others took it for dead, this process comes back as a new one first. */
    public boolean isRunnerLost(UniversalUuid runner, DatabaseException error) {
        return error.kind() == ErrorKind.FOREIGN_KEY && lease.wasLost(runner);
    }

    /** The same for a claim; if it lies in what is claimed, that is left alone. */
    public boolean isRunnerLost(UniversalUuid runner, ClaimFailedException error) {
        boolean isLost = error.why() instanceof DatabaseException why && isRunnerLost(runner, why);
        if (!isLost) {
            error.leaveAlone();
        }
        return isLost;
    }

    /** Runs some work of a transaction, which tells the effects what it leads to. */
    public CommitEffects attempt(int lent, boolean claims, Consumer<UnitOfWork> steps) {
        return attempt(lent, claims, steps, database::write);
    }

    /**
     * As above, in a transaction of the application if it has a manager of such.
     *
     * @throws NotCommittedException if the manager threw, not because of the database. Should it have committed before, then
     *     what the transaction claimed is found by the next look at what is held, as after an answer that was lost
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
                } catch (RuntimeException e) { // remembered, and thrown on
                    thrown[0] = e;
                    throw e;
                }
            });
        } catch (RuntimeException e) {
            if (e == thrown[0]) {
                throw e;
            }
            // The manager's own: nobody but the manager knows whether it had committed by then.
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
