package io.cloacina.engine.internal.run;

import io.cloacina.api.TaskCallback;
import io.cloacina.api.TaskOutcome;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.Meter;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.UnpublishedSubmissions;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls callbacks and listeners after commits, each of the two in a thread of its own, one call after the other. When too many
 * callbacks wait, no further body begins and nothing is submitted until there is room, because callbacks belong to the
 * workflows. Listeners only watch: events that do not fit into their queue are dropped and counted. A thread that writes never
 * waits for either, because a callback or listener may submit and wait for that.
 */
public final class EventPublisher {
    /** One transaction may have one event for each task of a workflow, up to 20,000 by default. */
    static final int MAX_EVENTS = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int MAX_CALLBACKS = 10_000;
    private static final long BETWEEN_WARNINGS_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Meter meter;
    private final UnpublishedSubmissions unpublished;
    private final List<EngineListener> listeners;
    private final OwnThreads own;
    private final BooleanSupplier closing;
    private final CallQueue callbacks;
    private final CallQueue events;
    private long dropped; // this and the next are guarded by this
    private long warnedAtNanos = System.nanoTime() - BETWEEN_WARNINGS_NANOS;

    /**
     * @param meter is called directly, by the thread that publishes
     * @param hasThreads if false, the thread that acts upon the effects of a transaction makes the calls
     * @param closing whether the engine is being closed, so that {@link #awaitRoom} ends
     */
    public EventPublisher(
            Meter meter,
            UnpublishedSubmissions unpublished,
            List<EngineListener> listeners,
            boolean hasThreads,
            OwnThreads own,
            BooleanSupplier closing) {
        this.meter = meter;
        this.unpublished = unpublished;
        this.listeners = List.copyOf(listeners);
        this.own = own;
        this.closing = closing;
        this.callbacks = new CallQueue(hasThreads ? "cloacina-callbacks" : null, own);
        this.events = new CallQueue(hasThreads && !listeners.isEmpty() ? "cloacina-events" : null, own);
    }

    /** The publisher of an engine. */
    public static EventPublisher of(SharedParts parts, boolean hasThreads, BooleanSupplier closing) {
        return new EventPublisher(
                parts.meter(), parts.unpublished(), parts.settings().listeners(), hasThreads, parts.own(), closing);
    }

    private record OfEvent(EngineListener listener, EngineEvent event) implements CallQueue.Call {
        @Override
        public void make() {
            try {
                listener.on(event);
            } catch (Throwable e) { // the edge of user code: what it throws changes nothing
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
            @Nullable Throwable error) implements CallQueue.Call {
        @Override
        public void make() {
            Claim claim = outcome.claim();
            try {
                Workflow workflow = outcome.claimed().workflow();
                TaskOutcome ended = new TaskOutcome(
                        claim.execution().value(), workflow.name(), claim.taskName(), claim.run(), error);
                workflow.run(() -> callback.call(ended));
            } catch (Throwable e) { // the edge of user code: what it throws changes nothing
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
        callbacks.start();
        events.start();
    }

    /** Publishes that the body of a task is about to run. */
    public void started(Claimed claimed, Instant at) {
        if (unpublished.hasListeners()) {
            Claim claim = claimed.claim();
            publish(new EngineEvent.TaskStarted(
                    claim.execution().value(),
                    claimed.workflow().name(),
                    claim.taskName(),
                    claim.run(),
                    claimed.run(),
                    at));
        }
    }

    /** Publishes the submission of an execution that joined a transaction of the application, and is known to be stored now. */
    public void stored(UUID execution) {
        if (unpublished.hasListeners()) {
            unpublished.publish(execution, this::event);
        }
    }

    /** Publishes the effects of a committed transaction. */
    void committed(CommitEffects effects) {
        effects.recorded().forEach(this::recorded);
        effects.events().forEach(this::publish);
        meter.committed(effects);
    }

    /**
     * Publishes an event. Its execution's submission is published before, and once: a task may have begun in another thread
     * before the submitting thread comes here.
     */
    public void publish(EngineEvent event) {
        stored(event.executionId());
        if (!(event instanceof EngineEvent.ExecutionSubmitted)) {
            event(event);
        }
    }

    private void event(EngineEvent event) {
        FailureLog.log(event);
        meter.event(event);
        for (EngineListener listener : listeners) {
            if (events.hasThread() && events.waiting() >= MAX_EVENTS) {
                drop(event);
            } else {
                events.add(new OfEvent(listener, event));
            }
        }
    }

    private void drop(EngineEvent event) {
        meter.dropped(event);
        synchronized (this) {
            dropped++;
            if (System.nanoTime() - warnedAtNanos >= BETWEEN_WARNINGS_NANOS) {
                warnedAtNanos = System.nanoTime();
                warnOfDropped(events.currentCall());
            }
        }
    }

    private void warnOfDropped(@Nullable String currentCall) {
        LOG.warn(
                "listeners are slower than the engine: {} events have been dropped, because {} are waiting."
                        + " Running now: {}",
                dropped,
                MAX_EVENTS,
                currentCall == null ? "none" : currentCall);
    }

    private void recorded(Outcome outcome) {
        if (outcome.ending() instanceof Outcome.Completed) {
            outcome.claimed()
                    .task()
                    .onCompleted()
                    .ifPresent(callback -> callbacks.add(new OfEnd(callback, outcome, null)));
        } else if (outcome.ending() instanceof Outcome.Failed failed) {
            outcome.claimed()
                    .task()
                    .onFailed()
                    .ifPresent(callback -> callbacks.add(new OfEnd(callback, outcome, failed.cause())));
        }
    }

    /** Returns when all queued calls have been made, or after {@link #giveUp}. */
    public void close() {
        callbacks.beginClosing();
        events.beginClosing();
        callbacks.awaitClosed();
        events.awaitClosed();
        synchronized (this) {
            if (dropped > 0) {
                warnOfDropped(null);
            }
        }
    }

    /** Drops the queued calls and interrupts the current ones. Returns how many were dropped. */
    public int giveUp() {
        return callbacks.giveUp() + events.giveUp();
    }

    /** Which callback and listener are being called, and by which threads; empty if none is. */
    public String currentCalls() {
        StringJoiner calls = new StringJoiner(" and ");
        for (CallQueue each : List.of(callbacks, events)) {
            String one = each.currentCall();
            if (one != null) {
                calls.add(one);
            }
        }
        return calls.toString();
    }

    /** The threads that call a callback or listener at the moment. */
    public List<Thread> callingThreads() {
        List<Thread> threads = new ArrayList<>();
        for (CallQueue each : List.of(callbacks, events)) {
            Thread thread = each.callingThread();
            if (thread != null) {
                threads.add(thread);
            }
        }
        return threads;
    }

    /**
     * Without threads: makes the queued calls in the calling thread, which must hold no lock, because what is called may write.
     */
    public void makeWaitingCalls() {
        callbacks.makeWaitingCalls();
        events.makeWaitingCalls();
    }

    /**
     * Waits while too many callbacks are queued; the threads that call them do not wait. False if the engine is closed
     * meanwhile.
     */
    public boolean awaitRoom() {
        return hasRoom()
                || own.present() == OwnThreads.Work.CALLBACK
                || (Deadline.NEVER.awaitSeen(() -> hasRoom() || closing.getAsBoolean()) && !closing.getAsBoolean());
    }

    private boolean hasRoom() {
        return !callbacks.hasThread() || callbacks.waiting() < MAX_CALLBACKS;
    }
}
