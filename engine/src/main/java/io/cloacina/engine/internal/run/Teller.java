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

/** Calls code of an application one call after the other, in their order, in a thread of its own. Thread safe. */
final class Teller {
    private static final Logger LOG = LoggerFactory.getLogger(Teller.class);
    private static final Telling WAKE_UP = () -> {};

    private final OwnThreads own;
    private final BlockingQueue<Telling> queue = new LinkedBlockingQueue<>();
    private final @Nullable Thread thread;
    private volatile boolean closed;
    private volatile boolean givenUp;
    private @Nullable Present present;

    /** Something that somebody is told. It throws nothing, and its text says who is told what. */
    @FunctionalInterface
    interface Telling {
        void tell();
    }

    /** What is told at the moment, and by which thread. */
    private record Present(Telling telling, Thread teller) {}

    /** @param thread the name of its thread; null if whoever acts upon the effects of a transaction tells */
    Teller(@Nullable String thread, OwnThreads own) {
        this.own = own;
        this.thread = thread == null ? null : new Thread(this::tellUntilClosed, thread);
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

    void add(Telling telling) {
        queue.add(telling);
    }

    /** Tells what waits and nothing that comes later; does not wait for that. */
    void beginClosing() {
        closed = true;
        queue.add(WAKE_UP); // so that the thread sees it
    }

    /** Returns when all that waits is told, or when that is given up. */
    void awaitClosed() {
        tellWaiting();
        if (thread != null && thread.isAlive()) {
            Deadline.NEVER.awaitEnd(thread);
        }
    }

    /** What waits is told no more, and who is told at the moment is interrupted. How much is not told. */
    synchronized int giveUp() {
        givenUp = true;
        if (present != null) {
            present.teller.interrupt();
        }
        return (int) queue.stream().filter(each -> each != WAKE_UP).count();
    }

    /** Who is being told at the moment, and by which thread; null if nobody is. */
    synchronized @Nullable String telling() {
        return present == null ? null : present.telling + " (thread " + present.teller.getName() + ")";
    }

    /** The thread that tells somebody at the moment; null if none does. */
    synchronized @Nullable Thread teller() {
        return present == null ? null : present.teller;
    }

    /** Without a thread whoever wrote tells what waits, and holds nothing meanwhile: who is told may write. */
    void tellWaiting() {
        if (thread == null) {
            for (Telling next = queue.poll(); next != null && !givenUp; next = queue.poll()) {
                tell(next);
            }
        }
    }

    private void tellUntilClosed() {
        while (!givenUp && (!closed || !queue.isEmpty())) {
            try {
                Telling next = queue.poll(1, TimeUnit.SECONDS);
                if (next != null) {
                    tell(next);
                }
            } catch (InterruptedException e) { // whoever does that: what waits is told all the same
                LOG.debug(
                        "the thread {} was interrupted", Thread.currentThread().getName(), e);
            }
        }
    }

    /** Who is told may change its thread; the next one does not find that. */
    private void tell(Telling next) {
        ThreadState before = ThreadState.aside();
        Present outer = change(new Present(next, Thread.currentThread()));
        try {
            own.run(OwnThreads.Work.TELLING, next::tell);
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
