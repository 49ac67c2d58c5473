package io.cloacina.engine.internal.run;

import io.cloacina.api.TaskCallback;
import io.cloacina.api.TaskDefinition;
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
import io.cloacina.engine.internal.write.Unannounced;
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
 * Tells callbacks and listeners what was committed, each of the two in a thread of its own, one call after the other.
 * When very many callbacks wait to be called, no further body begins and nothing is submitted until there is room: they
 * belong to the workflows. Listeners only watch: what does not fit into their queue is dropped and counted. Whoever
 * writes never waits: who is told may submit and wait for that.
 */
public final class EventPublisher {
    /** One transaction may have an event for each task of a workflow: up to 20,000 by default. */
    static final int MAX_EVENTS = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int MAX_CALLBACKS = 10_000;
    private static final long BETWEEN_WARNINGS_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Meter meter;
    private final Unannounced unannounced;
    private final List<EngineListener> listeners;
    private final OwnThreads own;
    private final BooleanSupplier closing;
    private final Teller callbacks;
    private final Teller events;
    private long dropped; // guarded by this, as the next
    private long warnedAtNanos = System.nanoTime() - BETWEEN_WARNINGS_NANOS;

    /**
     * @param meter is told at once, by who comes
     * @param hasThreads otherwise whoever acts upon the effects of a transaction tells
     * @param closing whether the engine is being closed, so that nobody waits for room any more
     */
    public EventPublisher(
            Meter meter,
            Unannounced unannounced,
            List<EngineListener> listeners,
            boolean hasThreads,
            OwnThreads own,
            BooleanSupplier closing) {
        this.meter = meter;
        this.unannounced = unannounced;
        this.listeners = List.copyOf(listeners);
        this.own = own;
        this.closing = closing;
        this.callbacks = new Teller(hasThreads ? "cloacina-callbacks" : null, own);
        this.events = new Teller(hasThreads && !listeners.isEmpty() ? "cloacina-events" : null, own);
    }

    /** That of an engine. */
    public static EventPublisher of(SharedParts parts, boolean hasThreads, BooleanSupplier closing) {
        return new EventPublisher(
                parts.meter(), parts.unannounced(), parts.settings().listeners(), hasThreads, parts.own(), closing);
    }

    private record OfEvent(EngineListener listener, EngineEvent event) implements Teller.Telling {
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
            @Nullable Throwable error) implements Teller.Telling {
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
        callbacks.start();
        events.start();
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
        if (unannounced.isHeard()) {
            unannounced.tell(execution, this::event);
        }
    }

    /** What a committed transaction led to. */
    void committed(CommitEffects effects) {
        effects.recorded().forEach(this::recorded);
        effects.events().forEach(this::tellOf);
        meter.committed(effects);
    }

    /** That it was submitted is told first, and once: it may have begun in another thread before who submitted came here. */
    public void tellOf(EngineEvent event) {
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
                warnOfDropped(events.telling());
            }
        }
    }

    private void warnOfDropped(@Nullable String telling) {
        LOG.warn(
                "listeners are slower than the engine: {} events have been dropped, because {} are waiting."
                        + " Running now: {}",
                dropped,
                MAX_EVENTS,
                telling == null ? "none" : telling);
    }

    private void recorded(Outcome outcome) {
        TaskDefinition task = outcome.claimed().task();
        if (task == null) {
            return;
        }
        if (outcome.ending() instanceof Outcome.Completed) {
            task.onCompleted().ifPresent(callback -> callbacks.add(new OfEnd(callback, outcome, null)));
        } else if (outcome.ending() instanceof Outcome.Failed failed) {
            task.onFailed().ifPresent(callback -> callbacks.add(new OfEnd(callback, outcome, failed.cause())));
        }
    }

    /** Returns when all that waits is told, or when that is given up. */
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

    /** What waits is told no more, and who is told at the moment is interrupted. How much is not told. */
    public int giveUp() {
        return callbacks.giveUp() + events.giveUp();
    }

    /** Who is being told at the moment, and by which threads; empty if nobody is. */
    public String telling() {
        StringJoiner telling = new StringJoiner(" and ");
        for (Teller each : List.of(callbacks, events)) {
            String one = each.telling();
            if (one != null) {
                telling.add(one);
            }
        }
        return telling.toString();
    }

    /** The threads that tell somebody at the moment. */
    public List<Thread> tellers() {
        List<Thread> tellers = new ArrayList<>();
        for (Teller each : List.of(callbacks, events)) {
            Thread thread = each.teller();
            if (thread != null) {
                tellers.add(thread);
            }
        }
        return tellers;
    }

    /** Without threads whoever wrote tells what waits, and holds nothing meanwhile: who is told may write. */
    public void tellWaiting() {
        callbacks.tellWaiting();
        events.tellWaiting();
    }

    /**
     * Waits while very many callbacks are to be called; who tells does not wait for itself. False if the engine is
     * closed meanwhile.
     */
    public boolean awaitRoom() {
        return hasRoom()
                || own.present() == OwnThreads.Work.TELLING
                || (Deadline.NEVER.awaitSeen(() -> hasRoom() || closing.getAsBoolean()) && !closing.getAsBoolean());
    }

    private boolean hasRoom() {
        return !callbacks.hasThread() || callbacks.waiting() < MAX_CALLBACKS;
    }
}
