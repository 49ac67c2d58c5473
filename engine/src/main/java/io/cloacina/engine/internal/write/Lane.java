package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with a queue: it writes all pending writes in one transaction and then completes them. A group that cannot
 * be written is taken apart, so that a faulty write does not harm the others. A write that waits for locks of other
 * transactions moves to the {@link SideLane}.
 */
public final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final long IDLE_CHECK_MILLIS = 1_000;

    /** Longer than this software usually holds a lock. All writes of the group wait as long. */
    private static final Duration LOCK_WAIT = Duration.ofMillis(500);

    /** How often a group whose transaction was lost is retried, before it is taken apart. */
    private static final int REPETITIONS = 3;

    private final WriteLanes all;
    private final Transactions transactions;
    private final TransientRetry transientRetry;
    private final SideLane side;
    private final BlockingQueue<Write> queue = new LinkedBlockingQueue<>();
    private final CommitDelay commitDelay = new CommitDelay(System::nanoTime);
    private final Thread thread;
    private boolean isDraining;
    private volatile List<Write> present = List.of();
    private volatile boolean closed;
    private volatile boolean givenUp;

    Lane(
            int number,
            WriteLanes all,
            Transactions transactions,
            TransientRetry transientRetry,
            SideLane side,
            OwnThreads own) {
        this.all = all;
        this.transactions = transactions;
        this.transientRetry = transientRetry;
        this.side = side;
        // A platform thread, because the SQLite driver pins the carrier of a virtual one.
        thread = new Thread(() -> own.run(OwnThreads.Work.OTHER, this::work), "cloacina-lane-" + number);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** False if the thread was never started, because the start of the engine failed, or has ended. */
    boolean isAlive() {
        return thread.isAlive();
    }

    void add(Write write) {
        queue.add(write);
        // The thread may have looked into the queue for the last time just before.
        if (givenUp || (closed && !thread.isAlive())) {
            refuseWaiting();
        }
    }

    /**
     * For lanes without a thread: writes it in the calling thread. Acting upon its effects may add further writes; the
     * outer call writes them afterwards. False for such an inner call, and after the lane was closed.
     */
    synchronized boolean drain(Write write) {
        queue.add(write);
        if (closed) {
            refuseWaiting();
            return false;
        }
        if (isDraining) {
            return false;
        }
        isDraining = true;
        try {
            side.tryManually();
            for (Write next = queue.poll(); next != null; next = queue.poll()) {
                commit(new ArrayList<>(List.of(next)));
            }
        } finally {
            isDraining = false;
        }
        return true;
    }

    /** Writes what is pending, and returns when the thread has ended. */
    void end() {
        closed = true;
        queue.add(new Write.Nudge());
        Deadline.NEVER.awaitEnd(thread);
        refuseWaiting();
    }

    /** Refuses pending writes. A group that is being committed may still be stored: its callers are told so. */
    void giveUp() {
        closed = true;
        givenUp = true;
        refuseWaiting();
        present.forEach(Write::leftUnknown);
    }

    Thread thread() {
        return thread;
    }

    private void work() {
        List<Write> group = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            try {
                Write first = queue.poll(IDLE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                group.add(first);
                queue.drainTo(group, CommitDelay.MAX_GROUP - 1);
                if (!closed) {
                    commitDelay.gather(group, queue);
                }
                present = List.copyOf(group);
                // Either this thread sees that the lane was given up, or the thread that gives it up sees the group.
                if (givenUp) {
                    queue.addAll(group);
                    refuseWaiting();
                } else {
                    commitDelay.begins();
                    commit(group);
                    commitDelay.ended(present);
                }
                present = List.of();
                group.clear();
            } catch (InterruptedException e) { // pending writes are written all the same
                LOG.debug("a thread that writes was interrupted", e);
            }
        }
    }

    private void refuseWaiting() {
        for (Write write = queue.poll(); write != null; write = queue.poll()) {
            write.givenUp(WriteLanes.closed());
        }
    }

    private void commit(List<Write> group) {
        all.begins(group);
        if (group.stream().allMatch(Write.Barrier.class::isInstance)) {
            group.forEach(Write::committed);
            return;
        }
        // Sorted by execution, so that groups of two processes lock common rows in the same order.
        group.sort(Comparator.comparing(Write::execution));
        TransactionResult result = write(group);
        if (result instanceof TransactionResult.Committed committed) {
            all.committed(group, committed.effects());
        } else if (result instanceof TransactionResult.Failure failure) {
            takeApart(group, failure);
        }
    }

    /** Writes a group: without claims if these fail, and a few times if its transaction is lost. */
    private TransactionResult write(List<Write> group) {
        Tries tries = new Tries(group);
        int losses = 0;
        while (true) {
            TransactionResult result;
            try {
                result = transientRetry.keepTrying("committing " + group.size() + " writes", tries);
            } catch (Throwable e) { // the edge of a thread: whatever a write throws goes to its caller
                return new TransactionResult.Thrown(e);
            }
            if (result instanceof TransactionResult.ClaimFailed) {
                tries.mayClaim = false;
            } else if (result instanceof TransactionResult.Lost lost && !lost.isLocked() && ++losses <= REPETITIONS) {
                LOG.debug(
                        "committing {} writes: {}; trying again",
                        group.size(),
                        lost.error().getMessage());
                transientRetry.waitAfter(losses);
            } else {
                return result;
            }
        }
    }

    /** The tries to write a group. */
    private final class Tries implements Supplier<TransactionResult> {
        private final List<Write> group;
        private boolean mayClaim = true;
        private boolean isRepeated;

        Tries(List<Write> group) {
            this.group = group;
        }

        @Override
        public TransactionResult get() {
            Transactions.Terms terms = new Transactions.Terms(mayClaim, LOCK_WAIT, isRepeated);
            isRepeated = true;
            return transactions.writeGroup(group, terms);
        }
    }

    private void takeApart(List<Write> group, TransactionResult.Failure failure) {
        boolean isLocked = failure instanceof TransactionResult.Lost lost && lost.isLocked();
        List<Write> others =
                group.stream().filter(write -> !write.mayMeetLocks()).toList();
        if (group.size() == 1 || isOfNone(failure)) {
            group.forEach(write -> all.setAside(write, failure));
        } else if (isLocked && others.size() < group.size()) {
            group.stream().filter(Write::mayMeetLocks).forEach(all::setAside);
            if (!others.isEmpty()) {
                commit(new ArrayList<>(others));
            }
        } else if (isLocked) {
            group.forEach(all::setAside);
        } else {
            group.forEach(write -> commit(new ArrayList<>(List.of(write))));
        }
    }

    /**
     * Whether no write is at fault: the database refuses all writes, or it is unreachable and the engine is closing.
     */
    private static boolean isOfNone(TransactionResult.Failure failure) {
        return failure instanceof TransactionResult.Thrown thrown
                && thrown.error() instanceof DatabaseException e
                && (e.kind() == ErrorKind.READ_ONLY || e.kind().isRetryable());
    }
}
