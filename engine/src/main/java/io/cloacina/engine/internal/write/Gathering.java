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
 * Whether a lane that is busy waits a moment for those who were in its last groups and are about to come again: one transaction
 * for all of them costs less than two. It waits for as many as its last groups had, half as long as its transactions take, and
 * {@link #LONGEST} at most. A write that comes alone, or to a lane whose groups are single writes, never waits. Used by one
 * thread.
 */
public final class Gathering {
    static final int MAX_GROUP = 256;
    public static final Duration LONGEST = Duration.ofMillis(5);

    private static final Logger LOG = LoggerFactory.getLogger(Gathering.class);

    /** So many groups in a row of several writes make a lane busy. */
    private static final int BUSY_GROUPS = 3;

    private final LongSupplier nanos;
    private int groupsInRow;
    private int last;
    private int beforeLast;
    private long transactionNanos;
    private long begunAt;

    /** What comes in. */
    public interface Coming {
        /** The next one, null if none comes in that time. */
        @Nullable
        Write next(long nanos) throws InterruptedException;
    }

    /** {@code nanos}: as {@link System#nanoTime}. */
    public Gathering(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Takes more of a queue into a group, if that is worth it. An interrupt, whoever does that, ends the wait. */
    void gather(List<Write> group, BlockingQueue<Write> queue) {
        try {
            gather(group, left -> queue.poll(left, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            LOG.debug("a thread that waits for more to write was interrupted", e);
        }
    }

    /** Takes more into a group, if that is worth it. */
    public void gather(List<Write> group, Coming coming) throws InterruptedException {
        int members = members(group);
        int expected = Math.max(last, beforeLast);
        if (members < 2 || groupsInRow < BUSY_GROUPS) {
            return;
        }
        long end = nanos.getAsLong() + Math.min(transactionNanos / 2, LONGEST.toNanos());
        while (members < expected && group.size() < MAX_GROUP) {
            long left = end - nanos.getAsLong();
            Write next = left > 0 ? coming.next(left) : null;
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

    /** It has ended, well or not. */
    public void ended(List<Write> group) {
        int members = members(group);
        long took = nanos.getAsLong() - begunAt;
        groupsInRow = members < 2 ? 0 : Math.min(groupsInRow + 1, BUSY_GROUPS);
        beforeLast = last;
        last = members;
        // One that was slow by chance counts for a quarter.
        transactionNanos = transactionNanos == 0 ? took : (3 * transactionNanos + took) / 4;
    }

    private static int members(List<Write> group) {
        return (int) group.stream().filter(Gathering::isMember).count();
    }

    /** Others are no work of their own. */
    private static boolean isMember(Write write) {
        return !(write instanceof Write.Nudge) && !(write instanceof Write.Barrier);
    }
}
