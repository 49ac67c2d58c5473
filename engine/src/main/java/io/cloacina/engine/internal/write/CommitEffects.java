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
 * The consequences of a transaction: collected while it runs, and acted upon after its commit. After a rollback only
 * what it took is given back: slots, and the workflows that may have ready tasks. Used by the thread of the
 * transaction.
 */
public final class CommitEffects {
    private final Slots slots;
    private final ClaimableWorkflows claimable;
    private final boolean mayClaim;
    private final UnpublishedSubmissions unpublished;
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

    /** @param lent slots that become free with the commit, because their attempts end in this transaction */
    public CommitEffects(
            Slots slots, ClaimableWorkflows claimable, boolean mayClaim, int lent, UnpublishedSubmissions unpublished) {
        this.unpublished = unpublished;
        this.slots = slots;
        this.claimable = claimable;
        this.mayClaim = mayClaim;
        this.lent = lent;
    }

    /** Takes at most that many slots for tasks that the transaction claims; returns how many it took. */
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

    /** Takes all slots that are free. */
    int takeSlots() {
        return takeSlots(slots.all());
    }

    void returnSlots(int number) {
        taken -= number;
        lent += number;
    }

    /** Whether a task that has just become ready may be claimed at once: no task of a higher priority is ready. */
    boolean mayRunOn(int priority) {
        return mayClaim && !claimable.isBefore(priority, false) && !isReadyBefore(priority);
    }

    /**
     * Whether a new task may be claimed at once: no ready task is known that is as urgent. Such a task would be older.
     */
    boolean mayOvertake(int priority) {
        return mayClaim && ready.isEmpty() && !claimable.isBefore(priority, true);
    }

    private boolean isReadyBefore(int priority) {
        return ready.values().stream().anyMatch(bound -> bound > priority);
    }

    public void claimed(Claimed task) {
        claimed.add(task);
    }

    /** A task was made ready and not claimed. This engine may claim it, or only others if it lacks the code. */
    public void ready(Workflow workflow, int priority) {
        if (workflow.hasCode()) {
            ready.merge(workflow, priority, Math::max);
        } else {
            othersShouldLook();
        }
    }

    /**
     * As {@link #ready(Workflow, int)}, by name and version: only others may claim it if this engine lacks the version.
     */
    public void ready(Workflows workflows, String name, String version, int priority) {
        workflows.find(name, version).ifPresentOrElse(workflow -> ready(workflow, priority), this::othersShouldLook);
    }

    /** Whether it is unknown which workflows have ready tasks. If so, the caller must query the database. */
    boolean shouldLook() {
        assumedUnknown = Math.max(assumedUnknown, claimable.takeUnknown());
        return assumedUnknown != ClaimableWorkflows.NOTHING;
    }

    /**
     * Hands over the workflows that may have ready tasks: those made ready by this transaction, and those known before.
     */
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

    /**
     * Tasks of the workflow may become claimable then: a limit has room again, or the pause after failed claims is
     * over.
     */
    void lookAgain(Workflow workflow, UniversalTimestamp at) {
        again.merge(workflow, at, (a, b) -> a.compareTo(b) <= 0 ? a : b);
    }

    public Map<Workflow, UniversalTimestamp> again() {
        return again;
    }

    /** The execution may have ended: threads that await it should read it. */
    public void ended(UniversalUuid execution) {
        ended(execution, Optional.empty());
    }

    /** The execution has ended: threads that await it are given it, or should read it if it was not read. */
    void ended(UniversalUuid execution, Optional<Execution> asStored) {
        ended.put(execution, asStored);
    }

    /** The end of an attempt is recorded, because its claim was still valid. */
    public void recorded(Outcome outcome) {
        recorded.add(outcome);
    }

    /** Adds a task that was claimed at once, and that sees exactly what the finished one saw and wrote. */
    void inherits(Outcome outcome, Claimed heir) {
        inheritances.computeIfAbsent(outcome, absent -> new Inheritance()).heirs.add(heir);
    }

    /** A task was made ready, and will see exactly what the finished one saw and wrote. */
    void willInherit(Outcome outcome) {
        inheritances.computeIfAbsent(outcome, absent -> new Inheritance()).hasLaterHeirs = true;
    }

    /** The tasks that continue with what a finished task saw and wrote. */
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

    /** An execution was cancelled: attempts of its tasks must stop. */
    public void cancelled(UniversalUuid execution) {
        cancelled.add(execution);
    }

    /** A task was stopped: an attempt of it must stop. Other tasks of its execution continue. */
    void stopped(UniversalUuid execution, UniversalUuid task) {
        stopped.put(task, execution);
    }

    /** How long the transaction took to claim tasks. */
    void claimTook(long nanos) {
        claimNanos = nanos;
    }

    /** How long the whole transaction took, and how many writes it contained. */
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

    /** 0 if the transaction did not try to claim. */
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

    /** Whether anyone listens to events. Failures are logged in any case. */
    boolean hasListeners() {
        return unpublished.hasListeners();
    }

    void submitted(EngineEvent.ExecutionSubmitted event) {
        events.add(event);
        unpublished.add(event);
    }

    /** After a rollback: its submissions are not announced. */
    void notSubmitted() {
        for (EngineEvent event : events) {
            if (event instanceof EngineEvent.ExecutionSubmitted) {
                unpublished.remove(event.executionId());
            }
        }
    }

    void event(EngineEvent event) {
        events.add(event);
    }

    /**
     * Something changed that only other processes can act upon, such as ready tasks of a workflow that this one lacks.
     */
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

    /** The stopped tasks, each with its execution. */
    Map<UniversalUuid, UniversalUuid> stopped() {
        return stopped;
    }

    /** Whether {@link #stops} is true for any claim. */
    public boolean stopsAny() {
        return !cancelled.isEmpty() || !stopped.isEmpty();
    }

    /** Whether a claim is lost, because its execution was cancelled or its task stopped. */
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

    /** After the commit: slots for which nothing was claimed are free again. */
    public void committed() {
        slots.give(lent);
        claimable.noteAll(ready);
    }

    /** After a rollback: nothing was claimed, and the workflows that may have ready tasks are noted again. */
    public void rolledBack(int lentAtFirst) {
        slots.give(taken + lent - lentAtFirst);
        claimable.noteAll(assumed);
        claimable.noteUnknown(assumedUnknown);
    }
}
