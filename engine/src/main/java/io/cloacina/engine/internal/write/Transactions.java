package io.cloacina.engine.internal.write;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Single tries of transactions, each of which runs the steps of a task's path. Thread safe. */
public final class Transactions {
    private final SharedParts parts;
    private final Database database;
    private final GroupTransaction groupTransaction;
    private final @Nullable ApplicationTransactions application;
    private final AtomicBoolean lostAnswers = new AtomicBoolean();
    private volatile boolean claiming = true;

    public Transactions(SharedParts parts, GroupTransaction groupTransaction) {
        this.parts = parts;
        this.database = parts.database();
        this.groupTransaction = groupTransaction;
        this.application = parts.settings().host().transactions();
    }

    /** The transaction manager of the application threw, and the cause is not an error of the database. */
    public static final class NotCommittedException extends CloacinaException {
        private static final long serialVersionUID = 1L;

        NotCommittedException(RuntimeException cause) {
            super(
                    ErrorCodes.TRANSACTION_NOT_COMMITTED,
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
     * What one try to write a group may do, and what it has to do.
     *
     * @param mayClaim whether it may claim tasks as well
     * @param lockWait how long it waits for locks of other transactions
     * @param isRepeated whether the group was tried before. A repeated try first asks the database something, so that
     *     it is known whether that can be reached: otherwise all of the transaction may be sent at once, and if the
     *     connection breaks then, it may never have led to a database
     */
    public record Terms(boolean mayClaim, Duration lockWait, boolean isRepeated) {}

    /**
     * Tries to write a group in one transaction.
     *
     * @return that it is committed, its claims failed, or it had begun and was lost
     * @throws DatabaseException of a retryable kind if it could not even begin
     * @throws RuntimeException the exception of a write; nothing is stored then
     */
    public TransactionResult writeGroup(List<Write> group, Terms terms) {
        try {
            return writeGroup(group, terms, true);
        } catch (DatabaseException e) {
            if (!mayBeOfLostClaim(group, e)) {
                throw e;
            }
            return writeGroup(group, terms, false); // asks which claims are valid
        }
    }

    /**
     * Whether the group failed because a claim that was expected to hold may be lost. What follows from the end of an
     * attempt is sent with it, and may break a rule of the tables before it is known that the end was not recorded: an
     * output is there already, or its execution was deleted.
     */
    public static boolean mayBeOfLostClaim(List<Write> group, DatabaseException failure) {
        boolean completes = group.stream()
                .anyMatch(write -> write instanceof Write.AttemptEnd ended
                        && ended.outcome().ending() instanceof Outcome.Completed);
        return completes
                && switch (failure.kind()) {
                    case STALE, UNIQUE, FOREIGN_KEY, CHECK -> true;
                    default -> false;
                };
    }

    private TransactionResult writeGroup(List<Write> group, Terms terms, boolean expectsClaims) {
        // Ended attempts free their slots with the commit, and the same transaction may fill them again.
        int lent =
                (int) group.stream().filter(Write.AttemptEnd.class::isInstance).count();
        long begun = System.nanoTime();
        GroupSteps steps = new GroupSteps(group, terms, expectsClaims);
        UniversalUuid runner = parts.lease().runner();
        try {
            CommitEffects effects = commit(lent, terms.mayClaim(), steps, database::write);
            effects.measures().took(System.nanoTime() - begun, group.size());
            return new TransactionResult.Committed(effects);
        } catch (ClaimFailedException e) {
            return claimFailed(runner, e);
        } catch (DatabaseException e) {
            boolean isKnown = terms.isRepeated() || e.kind() != ErrorKind.CONNECTION;
            return e.kind().isRetryable() && steps.hasBegun && isKnown
                    ? new TransactionResult.Lost(e)
                    : lostWithRunner(runner, e);
        }
    }

    /** The steps of a group, and whether they have begun. */
    private final class GroupSteps implements Consumer<UnitOfWork> {
        private final List<Write> group;
        private final Terms terms;
        private final boolean expectsClaims;
        private boolean hasBegun;

        GroupSteps(List<Write> group, Terms terms, boolean expectsClaims) {
            this.group = group;
            this.terms = terms;
            this.expectsClaims = expectsClaims;
        }

        @Override
        public void accept(UnitOfWork work) {
            work.transaction().waitForLocksAtMost(terms.lockWait());
            if (terms.isRepeated()) {
                work.list(RunnerStore.DATABASE_CLOCK);
            }
            hasBegun = true;
            if (expectsClaims) {
                work.expectClaims();
            }
            groupTransaction.run(work, group);
        }
    }

    /**
     * Tries to run a body and to record its end in one transaction, that of the application if it has a manager.
     *
     * @return that it is committed, its claims failed, or it is lost because others declared this runner dead
     * @throws NotCommittedException if the manager threw, for a reason other than the database. If it had committed
     *     before, maintenance finds the claims of the transaction, as after a lost answer
     * @throws DatabaseException if the transaction was lost otherwise, or could not begin
     */
    public TransactionResult writeBody(boolean mayClaim, Consumer<UnitOfWork> steps) {
        UniversalUuid runner = parts.lease().runner();
        try {
            return new TransactionResult.Committed(
                    commit(1, mayClaim, steps, application == null ? database::write : new Managed(application)));
        } catch (ClaimFailedException e) {
            return claimFailed(runner, e);
        } catch (DatabaseException e) {
            return lostWithRunner(runner, e);
        }
    }

    /** What a failed claim means: that the runner is lost, or that nothing of its workflows is claimed for a while. */
    private TransactionResult claimFailed(UniversalUuid runner, ClaimFailedException failure) {
        if (failure.why() instanceof DatabaseException why && replaceLostRunner(runner, why)) {
            return new TransactionResult.Lost(why);
        }
        groupTransaction.pauseClaims(failure);
        return new TransactionResult.ClaimFailed(failure.why());
    }

    /** That a transaction is lost with its runner; throws the error if it says something else. */
    private TransactionResult lostWithRunner(UniversalUuid runner, DatabaseException error) {
        if (replaceLostRunner(runner, error)) {
            return new TransactionResult.Lost(error);
        }
        throw error;
    }

    /**
     * Continues as a new runner if an error says that the row of the runner is gone, to which claims refer: others
     * declared it dead. True if this process is another runner now.
     */
    private boolean replaceLostRunner(UniversalUuid runner, DatabaseException error) {
        return error.kind() == ErrorKind.FOREIGN_KEY && parts.lease().replaceIfLost(runner);
    }

    private interface Writing {
        void write(Function<WriteTransaction, String> work);
    }

    /** A transaction of the application. */
    private final class Managed implements Writing {
        private final ApplicationTransactions manager;
        private @Nullable RuntimeException thrownByWork;

        Managed(ApplicationTransactions manager) {
            this.manager = manager;
        }

        @Override
        public void write(Function<WriteTransaction, String> work) {
            try {
                manager.run(connection -> {
                    try {
                        database.join(connection, work);
                    } catch (RuntimeException e) { // remembered, to tell it from the manager's own
                        thrownByWork = e;
                        throw e;
                    }
                });
            } catch (RuntimeException e) {
                if (e == thrownByWork) {
                    throw e;
                }
                // An exception of the manager itself: only the manager knows whether it had committed by then.
                answersMayBeLost();
                throw database.causeOf(e).orElseThrow(() -> new NotCommittedException(e));
            }
        }
    }

    /** Runs some steps as one transaction; {@code lent}: how many slots become free with its commit. */
    private CommitEffects commit(int lent, boolean mayClaim, Consumer<UnitOfWork> steps, Writing writing) {
        ClaimBudget budget = new ClaimBudget(parts.slots(), parts.claimable(), mayClaim && claiming, lent);
        CommitEffects effects = new CommitEffects(budget, parts.unpublished());
        boolean committed = false;
        boolean mayBeStored = false;
        try {
            writing.write(transaction -> {
                steps.accept(new UnitOfWork(transaction, parts.settings().clock(), effects));
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
                budget.rolledBack();
            }
            if (!committed && !mayBeStored) {
                effects.notSubmitted();
            }
        }
    }
}
