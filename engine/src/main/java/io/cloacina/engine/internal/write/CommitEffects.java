package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction led to, collected while it runs and acted upon after its commit; after a rollback only what was taken is
 * given back. Used by the thread of the transaction.
 */
public final class CommitEffects {
    private final Slots slots;
    private final ClaimableWorkflows claimable;
    private final boolean mayClaim;
    private final Unannounced unannounced;
    private int lent;
    private int taken;

    private final List<Claimed> claimed = new ArrayList<>();
    private final Map<Workflow, Integer> ready = new LinkedHashMap<>();
    private final Map<Workflow, Integer> assumed = new LinkedHashMap<>();
    private final Map<UniversalUuid, Optional<Execution>> ended = new LinkedHashMap<>();
    private final List<Outcome> recorded = new ArrayList<>();
    private final IdentityHashMap<Outcome, Inheritance> inheritances = new IdentityHashMap<>();
    private final List<UniversalUuid> cancelled = new ArrayList<>();
    private final Map<UniversalUuid, UniversalUuid> stopped = new LinkedHashMap<>();
    private final List<EngineEvent> events = new ArrayList<>();
    private int assumedUnknown = ClaimableWorkflows.NOTHING;
    private @Nullable UniversalTimestamp nextDue;
    private final Map<Workflow, UniversalTimestamp> again = new LinkedHashMap<>();
    private boolean othersShouldLook;
    private List<Duration> late = List.of();
    private long commitNanos;
    private int writes;
    private long claimNanos;

    /** {@code lent}: slots that are free when the transaction is committed, because what ran in them ended. */
    public CommitEffects(
            Slots slots, ClaimableWorkflows claimable, boolean mayClaim, int lent, Unannounced unannounced) {
        this.unannounced = unannounced;
        this.slots = slots;
        this.claimable = claimable;
        this.mayClaim = mayClaim;
        this.lent = lent;
    }

    /** Takes at most that many slots for tasks that the transaction claims. */
    int takeSlots(int atMost) {
        if (!mayClaim || atMost <= 0) {
            return 0;
        }
        int own = Math.min(lent, atMost);
        lent -= own;
        int more = slots.take(atMost - own);
        taken += own + more;
        return own + more;
    }

    /** As many slots as there are. */
    int takeSlots() {
        return takeSlots(slots.all());
    }

    void returnSlots(int number) {
        taken -= number;
        lent += number;
    }

    /** Whether a task that has just become ready may be claimed at once: nothing that waits comes before it. */
    boolean mayRunOn(int priority) {
        return mayClaim && !claimable.isBefore(priority, false) && !isReadyBefore(priority);
    }

    /** Whether a new task may be claimed at once: nothing else waits that is as urgent, which would be older. */
    boolean mayOvertake(int priority) {
        return mayClaim && ready.isEmpty() && !claimable.isBefore(priority, true);
    }

    private boolean isReadyBefore(int priority) {
        return ready.values().stream().anyMatch(bound -> bound > priority);
    }

    public void claimed(Claimed task) {
        claimed.add(task);
    }

    /** Something was made ready and not claimed: this engine may claim it, or only others have the code. */
    public void ready(Workflow workflow, int priority) {
        if (workflow.hasCode()) {
            ready.merge(workflow, priority, Math::max);
        } else {
            othersShouldLook();
        }
    }

    /** The same by the workflow's name and version: this engine may claim it, or only others have that version. */
    public void ready(Workflows workflows, String name, String version, int priority) {
        workflows.find(name, version).ifPresentOrElse(workflow -> ready(workflow, priority), this::othersShouldLook);
    }

    /** Whether somebody has to look what waits, which is the caller's task from now on. */
    boolean shouldLook() {
        assumedUnknown = Math.max(assumedUnknown, claimable.takeUnknown());
        return assumedUnknown != ClaimableWorkflows.NOTHING;
    }

    /** Hands over all that may be claimed: what was made ready here, and what was believed to wait before. */
    Map<Workflow, Integer> claimable() {
        claimable.moveTo(assumed);
        Map<Workflow, Integer> all = new LinkedHashMap<>(assumed);
        ready.forEach((workflow, priority) -> all.merge(workflow, priority, Math::max));
        ready.clear();
        return all;
    }

    boolean hasClaimable() {
        return mayClaim && !(ready.isEmpty() && claimable.isEmpty());
    }

    void due(UniversalTimestamp at) {
        if (nextDue == null || at.compareTo(nextDue) < 0) {
            nextDue = at;
        }
    }

    /** Something of the workflow may be claimed then, which a limit bounds until then. */
    void lookAgain(Workflow workflow, UniversalTimestamp at) {
        again.merge(workflow, at, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    }

    public Map<Workflow, UniversalTimestamp> again() {
        return again;
    }

    /** Threads that await the execution should look at it. */
    public void ended(UniversalUuid execution) {
        ended(execution, Optional.empty());
    }

    /** Threads that await the execution are given what was read of it, or should look at it. */
    void ended(UniversalUuid execution, Optional<Execution> asStored) {
        ended.put(execution, asStored);
    }

    /** The end of an attempt is recorded: its claim still held. */
    public void recorded(Outcome outcome) {
        recorded.add(outcome);
    }

    /** A task that was claimed at once, and sees just what the finished one saw and wrote. */
    void inherits(Outcome outcome, Claimed heir) {
        inheritances.computeIfAbsent(outcome, absent -> new Inheritance()).heirs.add(heir);
    }

    /** A task that was made ready, and will see just what the finished one saw and wrote. */
    void willInherit(Outcome outcome) {
        inheritances.computeIfAbsent(outcome, absent -> new Inheritance()).hasLaterHeirs = true;
    }

    /** The successor that continues with what a finished task saw and wrote. */
    public static final class Inheritance {
        private final List<Claimed> heirs = new ArrayList<>();
        private boolean hasLaterHeirs;

        List<Claimed> heirs() {
            return heirs;
        }

        boolean hasLaterHeirs() {
            return hasLaterHeirs;
        }
    }

    /** Whoever runs tasks of it must stop. */
    public void cancelled(UniversalUuid execution) {
        cancelled.add(execution);
    }

    /** Whoever runs the task must stop; other tasks of its execution continue. */
    void stopped(UniversalUuid execution, UniversalUuid task) {
        stopped.put(task, execution);
    }

    /** How long the transaction looked for tasks to run. */
    void claimTook(long nanos) {
        claimNanos = nanos;
    }

    /** How long all of it took, and how many writes it contained. */
    void took(long nanos, int contained) {
        commitNanos = nanos;
        writes = contained;
    }

    /** 0 if it was not measured. */
    long commitNanos() {
        return commitNanos;
    }

    int writes() {
        return writes;
    }

    /** 0 if it did not look. */
    long claimNanos() {
        return claimNanos;
    }

    /** An execution was submitted that much later than its schedule says. */
    void late(Duration by) {
        if (late.isEmpty()) {
            late = new ArrayList<>();
        }
        late.add(by);
    }

    List<Duration> late() {
        return late;
    }

    /** Whether anybody is told of events; failures are logged in any case. */
    boolean isHeard() {
        return unannounced.isHeard();
    }

    void submitted(EngineEvent.ExecutionSubmitted event) {
        events.add(event);
        unannounced.add(event);
    }

    /** After a rollback: nobody is told of what was not submitted. */
    void notSubmitted() {
        for (EngineEvent event : events) {
            if (event instanceof EngineEvent.ExecutionSubmitted) {
                unannounced.remove(event.executionId());
            }
        }
    }

    void event(EngineEvent event) {
        events.add(event);
    }

    /** Something changed that only others can act upon, such as tasks of workflows that this runner does not have. */
    public void othersShouldLook() {
        othersShouldLook = true;
    }

    public List<Claimed> claimed() {
        return claimed;
    }

    public Map<Workflow, Integer> ready() {
        return ready;
    }

    public Map<UniversalUuid, Optional<Execution>> ended() {
        return ended;
    }

    public List<Outcome> recorded() {
        return recorded;
    }

    public Map<Outcome, Inheritance> inheritances() {
        return inheritances;
    }

    public List<UniversalUuid> cancelled() {
        return cancelled;
    }

    /** The executions of tasks that were stopped, by task. */
    Map<UniversalUuid, UniversalUuid> stopped() {
        return stopped;
    }

    /** Whether there are claims that {@link #stops} says are gone. */
    public boolean stopsAny() {
        return !cancelled.isEmpty() || !stopped.isEmpty();
    }

    /** Whether a claim is gone, because its execution was cancelled or its task stopped. */
    public boolean stops(Claim claim) {
        return cancelled.contains(claim.execution()) || stopped.containsKey(claim.task());
    }

    public List<EngineEvent> events() {
        return events;
    }

    @Nullable
    public UniversalTimestamp nextDue() {
        return nextDue;
    }

    boolean shouldOthersLook() {
        return othersShouldLook || !ready.isEmpty();
    }

    /** After the commit: slots that nothing was claimed for are free again. */
    public void committed() {
        slots.give(lent);
        claimable.noteAll(ready);
    }

    /** After a rollback: nothing was claimed, and whatever was believed to wait still does. */
    public void rolledBack(int lentAtFirst) {
        slots.give(taken + lent - lentAtFirst);
        claimable.noteAll(assumed);
        claimable.noteUnknown(assumedUnknown);
    }
}
