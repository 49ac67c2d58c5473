package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.host.ThreadState;
import io.cloacina.engine.internal.json.ErrorText;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.Committer;
import io.cloacina.engine.internal.write.ContextLoader;
import io.cloacina.engine.internal.write.Outcome;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Unwritable;
import io.cloacina.engine.internal.write.Write;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Acts upon the effects of committed transactions: starts claimed tasks, hands on what was written, wakes waiting threads, and
 * interrupts cancelled bodies. Knows the attempts that run in this process. Thread safe.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final SharedParts parts;
    private final ContextLoader contexts;
    private final TaskRunner runner;
    private final EventPublisher publisher;
    private final Wakeups wakeups;
    private final BodyExecutor executor;
    private final Map<Claim, Attempt> underWay = new ConcurrentHashMap<>();
    private final AtomicBoolean mayHoldUnknowingly = new AtomicBoolean();
    private volatile boolean closed;
    private volatile boolean hasBegun; // a body, since one was refused
    private @Nullable WriteLanes lanes;
    private @Nullable BodyTransactions transactional;
    private final Ends ends = new Ends();

    /** What maintenance does for the dispatcher at a later time. */
    public interface Wakeups {
        /** Tasks become due at this time. */
        void wakeAt(UniversalTimestamp due);

        /** Limits may let tasks of the workflow begin at this time. */
        void lookAgain(Workflow workflow, UniversalTimestamp at);

        /** Stops claiming for a moment, because no thread takes a body. Returns whether that is worth a warning. */
        boolean pauseClaims(boolean hasBegun);
    }

    /** Gives a body to a thread, or tells {@code refused} why none takes it. */
    public interface BodyExecutor {
        void execute(boolean isTransactional, Runnable body, Consumer<Throwable> refused);
    }

    public Dispatcher(
            SharedParts parts,
            ContextLoader contexts,
            TaskRunner runner,
            EventPublisher publisher,
            Wakeups wakeups,
            BodyExecutor executor) {
        this.parts = parts;
        this.contexts = contexts;
        this.runner = runner;
        this.publisher = publisher;
        this.wakeups = wakeups;
        this.executor = executor;
    }

    /** Sets the lanes. They and this dispatcher need each other: lanes write the ends of attempts and return their effects. */
    public void setLanes(WriteLanes lanes, BodyTransactions transactional) {
        this.lanes = lanes;
        this.transactional = transactional;
    }

    /** Acts upon the effects of a committed transaction. */
    public void act(CommitEffects effects) {
        effects.budget().committed();
        // Before waiters are woken: who awaits an execution that runs here relies on being woken at its end.
        if (effects.stopsAny()) {
            underWay.forEach((claim, attempt) -> {
                if (effects.stops(claim)) {
                    attempt.interrupt(Attempt.Interruption.LOST);
                }
            });
        }
        parts.notifier().committed(effects, parts.waiters().wake(effects.ended()));
        effects.heirs()
                .forEach((outcome, heirs) -> contexts.handOn(outcome, heirs).forEach(this::start));
        effects.claimed().forEach(this::start);
        publisher.committed(effects);
        effects.again().forEach(wakeups::lookAgain);
        UniversalTimestamp due = effects.nextDue();
        if (due != null) {
            wakeups.wakeAt(due);
        }
        claimIfPossible();
    }

    /** Lets a lane claim tasks, if some may be claimable and a slot is free. */
    public void claimIfPossible() {
        if (hasClaimable()) {
            lanes().nudge();
        }
    }

    public boolean hasClaimable() {
        return !parts.claimable().isEmpty() && parts.slots().free() > 0;
    }

    public boolean isIdle() {
        return underWay.isEmpty();
    }

    /** Whether an attempt has left since the last call whose end is not stored, so that this runner may still hold its claim. */
    boolean mayHoldUnknowingly() {
        return mayHoldUnknowingly.getAndSet(false);
    }

    /** The attempts that run here. */
    public Collection<Attempt> underWay() {
        return underWay.values();
    }

    /** The attempt that runs here by that claim. */
    @Nullable
    Attempt attempt(Claim claim) {
        return underWay.get(claim);
    }

    /** From now on late ends are logged at DEBUG only: that these attempts do not end was logged before. */
    public void close() {
        closed = true;
    }

    /** Gives back the claims of all attempts that still run, which can record nothing afterwards. */
    public void giveBackAll(Committer committer) {
        for (Attempt attempt : underWay.values()) {
            Claim claim = attempt.claim();
            List<Outcome> released = List.of(new Outcome(attempt.claimed(), new Outcome.Released(), null));
            try {
                lanes().call(claim.execution(), work -> {
                    committer.finish(work, released);
                    return true;
                });
            } catch (RuntimeException e) { // closing continues, and trying the others would take as long
                LOG.warn(
                        "task '{}' could not be released; another runner takes it when the lease expires: {}",
                        claim.taskName(),
                        e.getMessage());
                return;
            }
        }
    }

    /** Ends in that way an attempt that this runner has claimed, but does not run. */
    void giveBack(Claimed claimed, Function<Claimed, Outcome.Ending> ending) {
        // The write gives a slot back, but the claim has none here: so take one, or try later if none is free.
        if (parts.slots().take(1) == 1) {
            underWay.put(claimed.claim(), new Attempt(claimed));
            end(new Outcome(claimed, ending.apply(claimed), null));
        }
    }

    private void start(Claimed claimed) {
        Attempt attempt = new Attempt(claimed);
        underWay.put(claimed.claim(), attempt);
        if (claimed.isOrphan()) {
            end(TaskRunner.orphaned(claimed));
            return;
        }
        executor.execute(
                claimed.task().isTransactional(),
                () -> parts.own().run(OwnThreads.Work.BODY, () -> runHere(attempt)),
                why -> giveBack(claimed, why));
    }

    /** Releases a task because no thread takes its body here; a runner that has a thread may claim it. */
    private void giveBack(Claimed claimed, Throwable why) {
        // Pausing keeps it from being claimed and refused again at once. Only one a minute is a warning.
        Level level = wakeups.pauseClaims(hasBegun) ? Level.WARN : Level.DEBUG;
        hasBegun = false;
        log(level, why, "no thread is available for task '{}' of execution {}, which is released", claimed.claim());
        end(new Outcome(claimed, new Outcome.Released(ErrorText.storable("no thread took the body: " + why)), null));
    }

    /** Runs the attempt and restores the state of the thread, which the body may have changed, for the next body. */
    private void runHere(Attempt attempt) {
        hasBegun = true;
        ThreadState before = ThreadState.aside();
        try {
            run(attempt);
        } catch (Throwable e) { // the edge of a thread; maintenance gives the claim back
            LOG.error("a task could not be run", e);
            left(attempt.claim());
        } finally {
            before.restore();
        }
    }

    private void run(Attempt attempt) {
        if (!publisher.awaitRoom()) {
            end(new Outcome(attempt.claimed(), new Outcome.Released(), null));
        } else if (attempt.claimed().task().isTransactional()) {
            runTransactional(attempt);
        } else {
            end(runner.run(attempt));
        }
    }

    private void runTransactional(Attempt attempt) {
        BodyTransactions.Result result = Objects.requireNonNull(transactional).run(attempt);
        if (result instanceof BodyTransactions.Unrecorded unrecorded) {
            end(unrecorded.outcome());
        } else if (result instanceof BodyTransactions.ClaimLost lost) {
            LOG.info("{}; what it wrote is undone", lost.why().getMessage());
            // If a commit whose answer was lost succeeded after all, tasks that it made ready are not known here.
            parts.claimable().noteUnknown(ClaimableWorkflows.SUSPICION);
            left(attempt.claim());
        } else {
            underWay.remove(attempt.claim());
        }
    }

    private void end(Outcome outcome) {
        lanes().add(new Write.AttemptEnd(outcome, ends));
    }

    /** Is told how writing the end of an attempt went. */
    private final class Ends implements Write.AttemptEnd.Witness {
        @Override
        public void written(Outcome outcome) {
            underWay.remove(outcome.claim());
        }

        @Override
        public boolean unwritable(Outcome outcome, Throwable error) {
            Attempt attempt = underWay.get(outcome.claim());
            if (attempt == null || Unwritable.isNow(error)) {
                return false;
            }
            Optional<Outcome> instead = runner.instead(attempt, outcome, error);
            instead.ifPresent(Dispatcher.this::end);
            return instead.isPresent();
        }

        @Override
        public void givenUp(Outcome outcome, Throwable error) {
            log(
                    Level.WARN,
                    error,
                    "the end of task '{}' of execution {} could not be stored; it will run again",
                    outcome.claim());
            left(outcome.claim());
        }
    }

    private void log(Level level, Throwable error, String message, Claim claim) {
        LOG.atLevel(closed ? Level.DEBUG : level)
                .log(message + ": {}", claim.taskName(), claim.execution(), error.toString());
    }

    /** The attempt no longer runs here: frees its slot. */
    private void left(Claim claim) {
        mayHoldUnknowingly.set(true);
        if (underWay.remove(claim) != null) {
            parts.slots().give(1);
            claimIfPossible();
        }
    }

    private WriteLanes lanes() {
        return Objects.requireNonNull(lanes);
    }
}
