package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.schema.database.DatabaseException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A write that was taken out of its group. It is tried alone, and without claiming anything, until it is written or
 * refused: without a bound while other transactions hold its locks, while the database is unreachable, or if it must
 * not be dropped; a few times if its transaction is lost although the database is reachable. Used by one thread at a
 * time.
 */
final class Straggler {
    private static final Logger LOG = LoggerFactory.getLogger(Straggler.class);

    /** How often a transaction may be lost without a lock to wait for, before the write is refused. */
    private static final int MAX_LOSSES = 7;

    /** Short for the first try, so that writes which need no lock are soon written. */
    private static final Duration FIRST_LOCK_WAIT = Duration.ofMillis(50);

    private static final Duration LOCK_WAIT = Duration.ofMillis(250);
    private static final int TRIES_WHEN_CLOSING = 4;
    private static final long TELL_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Write write;
    private final Transactions transactions;
    private final TransientRetry transientRetry;
    private final BiConsumer<List<Write>, CommitEffects> then;
    private final BooleanSupplier mayKeep;
    private Duration lockWait = FIRST_LOCK_WAIT;
    private int losses;
    private int triesWhenClosing;
    private long toldAt = System.nanoTime() - TELL_AGAIN_NANOS;

    /**
     * @param then is called after its commit
     * @param mayKeep whether the ends of attempts may be kept and retried while the engine closes
     */
    Straggler(
            Write write,
            Transactions transactions,
            TransientRetry transientRetry,
            BiConsumer<List<Write>, CommitEffects> then,
            BooleanSupplier mayKeep) {
        this.write = write;
        this.transactions = transactions;
        this.transientRetry = transientRetry;
        this.then = then;
        this.mayKeep = mayKeep;
    }

    /** The result of a try. */
    enum Progress {
        /** It is written, refused or given up. */
        OVER,
        /** Another transaction holds a lock that it needs, and was waited for, for a while. */
        LOCKED,
        /** It is to be retried a little later. */
        LATER
    }

    Write write() {
        return write;
    }

    Set<ExecutionStore.Key> keys() {
        return write.keys();
    }

    Progress attempt() {
        if (write instanceof Write.Barrier) {
            write.committed();
            return Progress.OVER;
        }
        TransactionResult result;
        try {
            result = transactions.writeGroup(List.of(write), new Transactions.Terms(false, lockWait, true));
        } catch (Throwable e) { // the edge of a thread: whatever a write throws goes to its caller
            result = new TransactionResult.Thrown(e);
        }
        if (result instanceof TransactionResult.Failure failure) {
            return failed(failure);
        } else if (result instanceof TransactionResult.Committed committed) {
            then.accept(List.of(write), committed.effects());
        }
        return Progress.OVER;
    }

    /** Decides what follows a try that failed. */
    Progress failed(TransactionResult.Failure failure) {
        if (failure instanceof TransactionResult.Lost lost) {
            return lost(lost);
        }
        if (failure.error() instanceof DatabaseException away && away.kind().isRetryable()) {
            return later("waits for the database", away);
        }
        return refused(failure.error());
    }

    private Progress lost(TransactionResult.Lost lost) {
        lockWait = LOCK_WAIT;
        if (isOver() && ++triesWhenClosing > TRIES_WHEN_CLOSING) {
            write.givenUp(lost.error());
            return Progress.OVER;
        }
        if (lost.isLocked() && write.mayWait()) {
            tell("waits for a lock of another transaction", lost.error());
            return Progress.LOCKED;
        }
        if (!lost.isLocked() && ++losses <= MAX_LOSSES) {
            tell("was lost", lost.error());
            return Progress.LATER;
        }
        return refused(lost.error());
    }

    private Progress refused(Throwable error) {
        return write.failed(error) ? Progress.OVER : later("cannot be stored now, is kept", error);
    }

    private Progress later(String what, Throwable error) {
        if (isOver()) {
            write.givenUp(error);
            return Progress.OVER;
        }
        // Only losses in a row count: a full disk costs SQLite a connection at every other try.
        losses = 0;
        tell(what, error);
        return Progress.LATER;
    }

    /**
     * Whether the engine closes and the write is given up. Ends of attempts have more time: no caller waits for them,
     * and without them a body runs again.
     */
    private boolean isOver() {
        return transientRetry.isOver() && !(write instanceof Write.AttemptEnd && mayKeep.getAsBoolean());
    }

    private void tell(String what, Throwable why) {
        long now = System.nanoTime();
        if (now - toldAt >= TELL_AGAIN_NANOS) {
            toldAt = now;
            LOG.warn("{} {} and will be retried: {}", write, what, why.getMessage());
        }
    }
}
