package io.cloacina.engine.internal.run;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An executor of the application, which is given only a limited number of bodies at a time; the others wait here. It may take
 * or refuse a body, but not run it in the thread that hands it over, because that thread writes for all tasks. Thread safe.
 */
final class LentExecutor {
    private final Executor lent;
    private final int most;
    private final Queue<Body> waiting = new ArrayDeque<>();
    private int running;

    LentExecutor(Executor lent, int most) {
        this.lent = lent;
        this.most = most;
    }

    void run(Body body) {
        synchronized (waiting) {
            if (running == most) {
                waiting.add(body);
                return;
            }
            running++;
        }
        hand(body);
    }

    private void hand(Body body) {
        for (Body next = body; next != null; next = next()) {
            Handover handover = new Handover(next);
            Throwable why = handover.to(lent);
            if (why == null) {
                return;
            }
            next.refused(why);
        }
    }

    /** A body has ended: returns the one that has waited longest, which takes its place. */
    private @Nullable Body next() {
        synchronized (waiting) {
            Body next = waiting.poll();
            if (next == null) {
                running--;
            }
            return next;
        }
    }

    /** Hands a body to the executor; the body is run or refused, never both. */
    private final class Handover implements Runnable {
        private final Body body;
        private final Thread caller = Thread.currentThread();
        private final AtomicBoolean isDecided = new AtomicBoolean();
        // Used by the caller's thread only.
        private boolean isHanding = true;
        private boolean isRunByCaller;

        Handover(Body body) {
            this.body = body;
        }

        /** Why the executor did not take the body; null if it did. */
        @Nullable
        Throwable to(Executor executor) {
            Throwable why = null;
            try {
                executor.execute(this);
                if (isRunByCaller) {
                    why = new RejectedExecutionException("the executor runs bodies in the calling thread, such as by a"
                            + " CallerRunsPolicy, and that thread is needed for other tasks");
                }
            } catch (Throwable e) { // the edge of user code, or no thread could be created
                why = e;
            } finally {
                isHanding = false;
            }
            return why != null && isDecided.compareAndSet(false, true) ? why : null;
        }

        @Override
        public void run() {
            if (Thread.currentThread() == caller && isHanding) {
                isRunByCaller = true;
                return;
            }
            if (!isDecided.compareAndSet(false, true)) {
                return;
            }
            try {
                body.run();
            } finally {
                Body following = next();
                if (following != null) {
                    hand(following);
                }
            }
        }
    }
}
