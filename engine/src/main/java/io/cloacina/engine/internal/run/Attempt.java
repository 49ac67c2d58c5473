package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.schema.database.WriteTransaction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that runs in this process: its body's thread and transaction, and the reason why it was interrupted.
 * Thread safe.
 */
public final class Attempt {
    /** Why a body is interrupted. */
    public enum Interruption {
        /** The body exceeded its timeout. */
        TIMEOUT,
        /** The claim is lost: the execution was cancelled, or another runner has the task. */
        LOST,
        /** The engine is closing. */
        CLOSING
    }

    private final Claimed claimed;
    private @Nullable Interruption why;
    private @Nullable Thread body;
    private @Nullable WriteTransaction transaction;
    private @Nullable Runnable limit;
    private int begun;
    private volatile boolean isRecorded;

    public Attempt(Claimed claimed) {
        this.claimed = claimed;
    }

    public Claimed claimed() {
        return claimed;
    }

    public Claim claim() {
        return claimed.claim();
    }

    /** The body is about to run inside this transaction. */
    synchronized void within(WriteTransaction given) {
        transaction = given;
    }

    /** The transaction of a transactional task; null if it has not begun. */
    public synchronized @Nullable WriteTransaction transaction() {
        return transaction;
    }

    /** The thread in which the body runs; null before and after. */
    public synchronized @Nullable Thread body() {
        return body;
    }

    /**
     * Marks this thread as the one that runs the body; false if the attempt was interrupted before, and the body must
     * not run.
     */
    synchronized boolean begin() {
        if (why != null) {
            return false;
        }
        body = Thread.currentThread();
        begun++;
        return true;
    }

    /** How often the body has begun: more than once if its transaction was lost. */
    public synchronized int begun() {
        return begun;
    }

    /** Starts the timeout of the body. A body that runs again gets no additional time. */
    synchronized void limit(Supplier<Runnable> timer) {
        if (limit == null) {
            limit = timer.get();
        }
    }

    /** Ends the timeout, because the attempt is over. */
    void unlimit() {
        Runnable ending;
        synchronized (this) {
            ending = limit;
            limit = null;
        }
        if (ending != null) {
            ending.run();
        }
    }

    /** The body has ended: from now on its thread is not interrupted, and the thread's interrupt flag is cleared. */
    synchronized void end() {
        body = null;
        Thread.interrupted();
    }

    /** Interrupts the body; if it has not begun, it never does. Only the first reason is kept. */
    public synchronized void interrupt(Interruption reason) {
        if (why == null) {
            why = reason;
        }
        if (body != null) {
            body.interrupt();
        }
    }

    /** Its end is committed, and its effects are about to be acted upon. */
    void recorded() {
        isRecorded = true;
    }

    /** Whether its end is committed already: it is listed as running until the effects of that were acted upon. */
    public boolean isRecorded() {
        return isRecorded;
    }

    /** Whether the attempt was interrupted. */
    public synchronized boolean isInterrupted() {
        return why != null;
    }

    synchronized @Nullable Interruption interruption() {
        return why;
    }
}
