package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.schema.database.WriteTransaction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One attempt while it runs here: what may interrupt its body, and why it was. Thread safe. */
public final class Attempt {
    /** Why a body is interrupted. */
    public enum Interruption {
        /** It ran longer than it may. */
        TIMEOUT,
        /** Its claim is gone: its execution was cancelled, or another runner has it. */
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

    public Attempt(Claimed claimed) {
        this.claimed = claimed;
    }

    public Claimed claimed() {
        return claimed;
    }

    public Claim claim() {
        return claimed.claim();
    }

    /** It is about to run inside that transaction. */
    synchronized void within(WriteTransaction given) {
        transaction = given;
    }

    /** The transaction of a transactional task; null if it has not begun. */
    public synchronized @Nullable WriteTransaction transaction() {
        return transaction;
    }

    /** The thread that its body runs in; null before and after. */
    public synchronized @Nullable Thread body() {
        return body;
    }

    /** The body is about to run in this thread; false if it shall not any more. */
    synchronized boolean begin() {
        if (why != null) {
            return false;
        }
        body = Thread.currentThread();
        begun++;
        return true;
    }

    /** How often its body has begun: more than once if its transaction was lost. */
    public synchronized int begun() {
        return begun;
    }

    /** Begins the time that it may take, unless that has begun: a body that runs again has no more. */
    synchronized void limit(Supplier<Runnable> timer) {
        if (limit == null) {
            limit = timer.get();
        }
    }

    /** It is over, and its time does not matter any more. */
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

    /** The body has ended: from now on its thread is not interrupted, and an interrupt that came is taken back. */
    synchronized void end() {
        body = null;
        Thread.interrupted();
    }

    /** Interrupts the body, now or when it is about to begin. The first reason counts. */
    public synchronized void interrupt(Interruption reason) {
        if (why == null) {
            why = reason;
        }
        if (body != null) {
            body.interrupt();
        }
    }

    /** Whether something interrupted it. */
    public synchronized boolean isInterrupted() {
        return why != null;
    }

    synchronized @Nullable Interruption interruption() {
        return why;
    }
}
