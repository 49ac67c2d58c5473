package io.cloacina.engine;

import io.cloacina.api.TaskCallback;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskOutcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners and callbacks what was committed, in a thread of its own, one after the other. When very much waits to be
 * told, no further body begins and nothing is submitted until there is room. Whoever writes never waits: a listener may submit and wait for that.
 */
final class Announcer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
    private static final int MAX_WAITING = 10_000;
    private static final long ROOM_NANOS = 1_000_000;

    private final List<EngineListener> listeners;
    private final BlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final @Nullable Thread thread;
    private volatile boolean closed;

    /** @param hasThread otherwise whoever acts upon the effects of a transaction tells */
    Announcer(List<EngineListener> listeners, boolean hasThread) {
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
        tellWaiting();
        if (thread == null) {
            return;
        }
        later(() -> {});
        if (Thread.currentThread() == thread) {
            return; // a listener closes the engine
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void later(Runnable telling) {
        queue.add(telling);
    }

    /** Without a thread whoever wrote tells what waits, and holds nothing meanwhile: who is told may write. */
    void tellWaiting() {
        if (thread == null) {
            for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
                next.run();
            }
        }
    }

    /** Waits while very much is to be told; who tells does not wait for itself. */
    void awaitRoom() {
        while (thread != null && thread != Thread.currentThread() && !closed && queue.size() >= MAX_WAITING) {
            LockSupport.parkNanos(ROOM_NANOS);
            if (Thread.interrupted()) {
                return;
            }
        }
    }

    private void tellUntilClosed() {
        try {
            while (!closed || !queue.isEmpty()) {
                Optional.ofNullable(queue.poll(1, TimeUnit.SECONDS)).ifPresent(Runnable::run);
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
            Workflow workflow = finish.claimed().workflow();
            TaskOutcome outcome = new TaskOutcome(
                    claim.execution().value(), workflow.name(), claim.taskName(), claim.attempt(), error);
            workflow.run(() -> callback.call(outcome));
        } catch (Throwable e) { // the edge of user code: it changes nothing
            LOG.warn("the callback of task '{}' of execution {} failed", claim.taskName(), claim.execution(), e);
        }
    }
}
