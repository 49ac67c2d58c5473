package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.host.ThreadState;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls code of the application, one call after the other in the order in which they were added, in a thread of its
 * own. Thread safe.
 */
final class CallQueue {
    private static final Logger LOG = LoggerFactory.getLogger(CallQueue.class);
    private static final Call WAKE_UP = () -> {};

    private final OwnThreads own;
    private final BlockingQueue<Call> queue = new LinkedBlockingQueue<>();
    private final @Nullable Thread thread;
    private volatile boolean closed;
    private volatile boolean givenUp;
    private @Nullable Present present;

    /** One call of a callback or listener. It throws nothing, and its text says what is called on which event. */
    @FunctionalInterface
    interface Call {
        void make();
    }

    /** The call that is being made, and the thread that makes it. */
    private record Present(Call call, Thread thread) {}

    /**
     * @param thread the name of its thread; null if the thread that acts upon the effects of a transaction makes the
     *     calls
     */
    CallQueue(@Nullable String thread, OwnThreads own) {
        this.own = own;
        this.thread = thread == null ? null : new Thread(this::callUntilClosed, thread);
    }

    void start() {
        if (thread != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    boolean hasThread() {
        return thread != null;
    }

    int waiting() {
        return queue.size();
    }

    void add(Call call) {
        queue.add(call);
    }

    /** Lets the thread end when it has made the queued calls; does not wait for that. */
    void beginClosing() {
        closed = true;
        queue.add(WAKE_UP); // so that the thread sees it
    }

    /** Returns when all queued calls have been made, or after {@link #giveUp}. */
    void awaitClosed() {
        makeWaitingCalls();
        if (thread != null && thread.isAlive()) {
            Deadline.NEVER.awaitEnd(thread);
        }
    }

    /** Drops the queued calls and interrupts the current one. Returns how many were dropped. */
    synchronized int giveUp() {
        givenUp = true;
        if (present != null) {
            present.thread.interrupt();
        }
        return (int) queue.stream().filter(each -> each != WAKE_UP).count();
    }

    /** The call that is being made, and by which thread; null if none is. */
    synchronized @Nullable String currentCall() {
        return present == null ? null : present.call + " (thread " + present.thread.getName() + ")";
    }

    /** The thread that is making a call; null if none is. */
    synchronized @Nullable Thread callingThread() {
        return present == null ? null : present.thread;
    }

    /**
     * Without a thread of its own: makes the queued calls in the calling thread, which must hold no lock, because a
     * call may write.
     */
    void makeWaitingCalls() {
        if (thread == null) {
            for (Call next = queue.poll(); next != null && !givenUp; next = queue.poll()) {
                make(next);
            }
        }
    }

    private void callUntilClosed() {
        while (!givenUp && (!closed || !queue.isEmpty())) {
            try {
                Call next = queue.poll(1, TimeUnit.SECONDS);
                if (next != null) {
                    make(next);
                }
            } catch (InterruptedException e) { // whoever interrupts: the queued calls are made all the same
                LOG.debug(
                        "the thread {} was interrupted", Thread.currentThread().getName(), e);
            }
        }
    }

    /** Makes a call and restores the state of the thread, which the called code may have changed. */
    private void make(Call next) {
        ThreadState before = ThreadState.aside();
        Present outer = change(new Present(next, Thread.currentThread()));
        try {
            own.run(OwnThreads.Work.CALLBACK, next::make);
        } finally {
            change(outer);
            before.restore();
        }
    }

    private synchronized @Nullable Present change(@Nullable Present to) {
        Present before = present;
        present = to;
        return before;
    }
}
