package io.cloacina.engine;

import io.cloacina.api.TaskCallback;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskOutcome;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners and callbacks what was committed, in a thread of its own, one after the other. When very much waits to be
 * told, nothing more is claimed or submitted until it is: nothing is dropped and nothing piles up. Whoever commits never waits
 * here, because a listener may wait for a commit.
 */
final class Announcer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final int MAX_WAITING = 10_000;

    private final List<EngineListener> listeners;
    private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final Runnable caughtUp;
    private final @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * @param caughtUp called when little waits to be told again
     * @param hasThread otherwise whoever acts upon the effects of a transaction tells
     */
    Announcer(List<EngineListener> listeners, Runnable caughtUp, boolean hasThread) {
        this.caughtUp = caughtUp;
        this.listeners = List.copyOf(listeners);
        this.thread = hasThread ? new Thread(this::tellUntilClosed, "cloacina-events") : null;
    }

    void start() {
        if (thread != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    void event(EngineEvent event) {
        for (EngineListener listener : listeners) {
            later(() -> tell(listener, event));
        }
    }

    void recorded(Finish finish) {
        TaskDefinition task = finish.claimed().task();
        if (task == null) {
            return;
        }
        if (finish.ending() instanceof Finish.Completed) {
            task.onCompleted().ifPresent(callback -> later(() -> call(callback, finish, null)));
        } else if (finish.ending() instanceof Finish.Failed failed) {
            task.onFailed().ifPresent(callback -> later(() -> call(callback, finish, failed.cause())));
        }
    }

    /** Tells what waits, then ends. */
    @Override
    public void close() {
        closed = true;
        if (thread == null) {
            return;
        }
        later(() -> {});
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void later(Runnable telling) {
        if (thread == null) {
            telling.run();
            return;
        }
        queue.add(telling);
    }

    /** Whether so much waits to be told that nothing should be added to it. */
    boolean isBehind() {
        return queue.size() >= MAX_WAITING;
    }

    /** Waits until it is not behind; a listener does not wait for itself. */
    void awaitRoom() {
        boolean interrupted = false;
        while (isBehind() && !closed && Thread.currentThread() != thread) {
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellUntilClosed() {
        try {
            while (!closed || !queue.isEmpty()) {
                Runnable next = queue.poll(1, TimeUnit.SECONDS);
                if (next != null) {
                    next.run();
                    if (queue.size() == MAX_WAITING / 2) {
                        caughtUp.run();
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("telling of events was interrupted", e);
        }
    }

    private static void tell(EngineListener listener, EngineEvent event) {
        try {
            listener.on(event);
        } catch (Throwable e) { // the edge of user code: it changes nothing
            LOG.warn("a listener failed on {}", event, e);
        }
    }

    private static void call(TaskCallback callback, Finish finish, @Nullable Throwable error) {
        Claim claim = finish.claim();
        try {
            callback.call(new TaskOutcome(
                    claim.execution().value(),
                    finish.claimed().workflow().name(),
                    claim.taskName(),
                    claim.attempt(),
                    error));
        } catch (Throwable e) { // the edge of user code: it changes nothing
            LOG.warn("the callback of task '{}' of execution {} failed", claim.taskName(), claim.execution(), e);
        }
    }
}
