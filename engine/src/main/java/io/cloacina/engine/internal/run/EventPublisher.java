package io.cloacina.engine.internal.run;

import io.cloacina.api.TaskCallback;
import io.cloacina.api.TaskDefinition;
import io.cloacina.api.TaskOutcome;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.host.ThreadState;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.Meter;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Unannounced;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners and callbacks what was committed, in a thread of its own, one after the other. When very much waits to be
 * told, no further body begins and nothing is submitted until there is room. Whoever writes never waits: a listener may submit and wait for that.
 */
public final class EventPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int MAX_WAITING = 10_000;

    private final Meter meter;
    private final Unannounced unannounced;
    private final List<EngineListener> listeners;
    private final OwnThreads own;
    private final BooleanSupplier closing;
    private final BlockingQueue<Telling> queue = new LinkedBlockingQueue<>();
    private final @Nullable Thread thread;
    private volatile boolean closed;
    private volatile boolean givenUp;
    private @Nullable Present present;

    /**
     * @param hasThread otherwise whoever acts upon the effects of a transaction tells
     * @param closing whether the engine is being closed, so that nobody waits for room any more
     */
    public EventPublisher(SharedParts parts, boolean hasThread, BooleanSupplier closing) {
        this.meter = parts.meter();
        this.unannounced = parts.unannounced();
        this.listeners = List.copyOf(parts.settings().listeners());
        this.own = parts.own();
        this.closing = closing;
        this.thread = hasThread ? new Thread(this::tellUntilClosed, "cloacina-events") : null;
    }

    /** Something that somebody is told. */
    private sealed interface Telling {
        void tell();
    }

    /** Nothing. */
    private record WakeUp() implements Telling {
        @Override
        public void tell() {}
    }

    /** What is told at the moment, and by which thread. */
    private record Present(Telling telling, Thread teller) {}

    private record OfEvent(EngineListener listener, EngineEvent event) implements Telling {
        @Override
        public void tell() {
            try {
                listener.on(event);
            } catch (Throwable e) { // the edge of user code: it changes nothing
                LOG.warn("a listener failed on {}", event, e);
            }
        }

        @Override
        public String toString() {
            return "the listener " + listener.getClass().getName() + " on " + event;
        }
    }

    private record OfEnd(
            TaskCallback callback,
            Outcome outcome,
            @Nullable Throwable error) implements Telling {
        @Override
        public void tell() {
            Claim claim = outcome.claim();
            try {
                Workflow workflow = outcome.claimed().workflow();
                TaskOutcome told = new TaskOutcome(
                        claim.execution().value(), workflow.name(), claim.taskName(), claim.run(), error);
                workflow.run(() -> callback.call(told));
            } catch (Throwable e) { // the edge of user code: it changes nothing
                LOG.warn("the callback of task '{}' of execution {} failed", claim.taskName(), claim.execution(), e);
            }
        }

        @Override
        public String toString() {
            return "the callback of task '" + outcome.claim().taskName() + "' of execution "
                    + outcome.claim().execution();
        }
    }

    public void start() {
        if (thread != null) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** The body of a task is about to run. */
    public void started(Claimed claimed, Instant at) {
        if (unannounced.isHeard()) {
            Claim claim = claimed.claim();
            tellOf(new EngineEvent.TaskStarted(
                    claim.execution().value(),
                    claimed.workflow().name(),
                    claim.taskName(),
                    claim.run(),
                    claimed.run(),
                    at));
        }
    }

    /** An execution whose submission joined a transaction of the application is stored. */
    public void stored(UUID execution) {
        EngineEvent.ExecutionSubmitted submitted = unannounced.take(execution);
        if (submitted != null) {
            event(submitted);
        }
    }

    /** What a committed transaction led to. */
    void committed(CommitEffects effects) {
        effects.recorded().forEach(this::recorded);
        effects.events().forEach(this::tellOf);
        meter.committed(effects);
    }

    /** That it was submitted is told first, and once: it may have begun in another thread before who submitted came here. */
    private void tellOf(EngineEvent event) {
        stored(event.executionId());
        if (!(event instanceof EngineEvent.ExecutionSubmitted)) {
            event(event);
        }
    }

    private void event(EngineEvent event) {
        FailureLog.log(event);
        meter.event(event);
        for (EngineListener listener : listeners) {
            queue.add(new OfEvent(listener, event));
        }
    }

    private void recorded(Outcome outcome) {
        TaskDefinition task = outcome.claimed().task();
        if (task == null) {
            return;
        }
        if (outcome.ending() instanceof Outcome.Completed) {
            task.onCompleted().ifPresent(callback -> queue.add(new OfEnd(callback, outcome, null)));
        } else if (outcome.ending() instanceof Outcome.Failed failed) {
            task.onFailed().ifPresent(callback -> queue.add(new OfEnd(callback, outcome, failed.cause())));
        }
    }

    /** Returns when all that waits is told, or when that is given up. */
    public void close() {
        closed = true;
        tellWaiting();
        if (thread != null && thread.isAlive()) {
            queue.add(new WakeUp()); // so that it sees it
            Deadline.NEVER.awaitEnd(thread);
        }
    }

    /** What waits is told no more, and who is told at the moment is interrupted. How much is not told. */
    public synchronized int giveUp() {
        givenUp = true;
        if (present != null) {
            present.teller.interrupt();
        }
        return (int) queue.stream().filter(each -> !(each instanceof WakeUp)).count();
    }

    /** Who is being told at the moment, and by which thread; null if nobody is. */
    public synchronized @Nullable String telling() {
        return present == null ? null : present.telling + " (thread " + present.teller.getName() + ")";
    }

    /** The thread that tells somebody at the moment; null if none does. */
    public synchronized @Nullable Thread teller() {
        return present == null ? null : present.teller;
    }

    /** Without a thread whoever wrote tells what waits, and holds nothing meanwhile: who is told may write. */
    public void tellWaiting() {
        if (thread == null) {
            for (Telling next = queue.poll(); next != null && !givenUp; next = queue.poll()) {
                tell(next);
            }
        }
    }

    /** Waits while very much is to be told; who tells does not wait for itself. False if the engine is closed meanwhile. */
    public boolean awaitRoom() {
        return hasRoom()
                || own.present() == OwnThreads.Work.TELLING
                || (Deadline.NEVER.awaitSeen(() -> hasRoom() || closing.getAsBoolean()) && !closing.getAsBoolean());
    }

    private boolean hasRoom() {
        return thread == null || queue.size() < MAX_WAITING;
    }

    private void tellUntilClosed() {
        while (!givenUp && (!closed || !queue.isEmpty())) {
            try {
                Telling next = queue.poll(1, TimeUnit.SECONDS);
                if (next != null) {
                    tell(next);
                }
            } catch (InterruptedException e) { // whoever does that: what waits is told all the same
                LOG.debug("the thread that tells of events was interrupted", e);
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
