package io.cloacina.engine.internal.write;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a busy lane waits a moment for the callers of its last groups, if they are about to write again: one
 * transaction for all of them costs less than two. The lane waits for as many writes as its last groups had, at most
 * half as long as its transactions take, and at most {@link #LONGEST}. A single write, or a lane whose groups are
 * single writes, never waits. Used by one thread.
 */
public final class CommitDelay {
    static final int MAX_GROUP = 256;
    public static final Duration LONGEST = Duration.ofMillis(5);

    private static final Logger LOG = LoggerFactory.getLogger(CommitDelay.class);

    /** After how many groups in a row with several writes a lane is busy. */
    private static final int BUSY_GROUPS = 3;

    private final LongSupplier nanos;
    private int groupsInRow;
    private int last;
    private int beforeLast;
    private long transactionNanos;
    private long begunAt;

    /** The writes that come in. */
    public interface Incoming {
        /** The next write; null if none comes in that time. */
        @Nullable
        Write next(long nanos) throws InterruptedException;
    }

    /** @param nanos as {@link System#nanoTime} */
    public CommitDelay(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes further writes of a queue into a group, if waiting for them is worthwhile. An interrupt ends the wait. */
    void gather(List<Write> group, BlockingQueue<Write> queue) {
        try {
            gather(group, left -> queue.poll(left, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            LOG.debug("a thread that waits for more to write was interrupted", e);
        }
    }

    /** Takes further writes into a group, if waiting for them is worthwhile. */
    public void gather(List<Write> group, Incoming incoming) throws InterruptedException {
        int members = members(group);
        int expected = Math.max(last, beforeLast);
        if (members < 2 || groupsInRow < BUSY_GROUPS) {
            return;
        }
        long end = nanos.getAsLong() + Math.min(transactionNanos / 2, LONGEST.toNanos());
        while (members < expected && group.size() < MAX_GROUP) {
            long left = end - nanos.getAsLong();
            Write next = left > 0 ? incoming.next(left) : null;
            if (next == null) {
                return;
            }
            group.add(next);
            members += isMember(next) ? 1 : 0;
        }
    }

    /** A transaction for the group begins. */
    public void begins() {
        begunAt = nanos.getAsLong();
    }

    /** The transaction has ended, successfully or not. */
    public void ended(List<Write> group) {
        int members = members(group);
        long took = nanos.getAsLong() - begunAt;
        groupsInRow = members < 2 ? 0 : Math.min(groupsInRow + 1, BUSY_GROUPS);
        beforeLast = last;
        last = members;
        // A moving average: the last transaction counts for a quarter.
        transactionNanos = transactionNanos == 0 ? took : (3 * transactionNanos + took) / 4;
    }

    private static int members(List<Write> group) {
        return (int) group.stream().filter(CommitDelay::isMember).count();
    }

    /** Nudges and barriers carry no work of their own. */
    private static boolean isMember(Write write) {
        return !(write instanceof Write.Nudge) && !(write instanceof Write.Barrier);
    }
}
