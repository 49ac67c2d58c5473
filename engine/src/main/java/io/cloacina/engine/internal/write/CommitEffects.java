package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The consequences of a transaction: collected while it runs, and acted upon after its commit. After a rollback only
 * its {@link ClaimBudget} is given back. Used by the thread of the transaction.
 */
public final class CommitEffects {
    private final ClaimBudget budget;
    private final UnpublishedSubmissions unpublished;
    private final Measures measures = new Measures();
    private final List<Claimed> claimed = new ArrayList<>();
    private final Map<UniversalUuid, Optional<Execution>> ended = new LinkedHashMap<>();
    private final List<Outcome> recorded = new ArrayList<>();
    private final IdentityHashMap<Outcome, Heirs> heirs = new IdentityHashMap<>();
    private final List<UniversalUuid> cancelled = new ArrayList<>();
    private final Map<UniversalUuid, UniversalUuid> stopped = new LinkedHashMap<>();
    private final List<EngineEvent> events = new ArrayList<>();
    private @Nullable UniversalTimestamp nextDue;
    private final Map<Workflow, UniversalTimestamp> again = new LinkedHashMap<>();
    private boolean othersShouldLook;

    public CommitEffects(ClaimBudget budget, UnpublishedSubmissions unpublished) {
        this.budget = budget;
        this.unpublished = unpublished;
    }

    public ClaimBudget budget() {
        return budget;
    }

    Measures measures() {
        return measures;
    }

    public void claimed(Claimed task) {
        claimed.add(task);
    }

    /** A task was made ready and not claimed. This engine may claim it, or only others if it lacks the code. */
    public void ready(Workflow workflow, int priority) {
        if (workflow.hasCode()) {
            budget.ready(workflow, priority);
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
        heirs.computeIfAbsent(outcome, absent -> new Heirs()).atOnce.add(heir);
    }

    /** A task was made ready, and will see exactly what the finished one saw and wrote. */
    void willInherit(Outcome outcome) {
        heirs.computeIfAbsent(outcome, absent -> new Heirs()).hasLater = true;
    }

    /** The tasks that continue with what a finished task saw and wrote. */
    public static final class Heirs {
        private final List<Claimed> atOnce = new ArrayList<>();
        private boolean hasLater;

        List<Claimed> atOnce() {
            return atOnce;
        }

        boolean hasLater() {
            return hasLater;
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

    public Map<UniversalUuid, Optional<Execution>> ended() {
        return ended;
    }

    public List<Outcome> recorded() {
        return recorded;
    }

    public Map<Outcome, Heirs> heirs() {
        return heirs;
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
        return othersShouldLook || !budget.ready().isEmpty();
    }
}
