package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Slots;
import io.cloacina.engine.internal.claim.Workflow;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a transaction may claim: the slots that it has in hand, and the workflows that may have ready tasks. What it has
 * not used is given back after its commit; after a rollback all that it took. Used by the thread of the transaction.
 */
public final class ClaimBudget {
    private final Slots slots;
    private final ClaimableWorkflows claimable;
    private final boolean mayClaim;
    private int unused;
    private int taken;
    private final Map<Workflow, Integer> ready = new LinkedHashMap<>();
    private final Map<Workflow, Integer> assumed = new LinkedHashMap<>();
    private int assumedUnknown = ClaimableWorkflows.NOTHING;

    /** @param lent slots that become free with the commit, because their attempts end in this transaction */
    public ClaimBudget(Slots slots, ClaimableWorkflows claimable, boolean mayClaim, int lent) {
        this.slots = slots;
        this.claimable = claimable;
        this.mayClaim = mayClaim;
        this.unused = lent;
    }

    /** Takes at most that many slots for tasks that the transaction claims; returns how many it took. */
    int takeSlots(int atMost) {
        if (!mayClaim || atMost <= 0) {
            return 0;
        }
        int own = Math.min(unused, atMost);
        int more = slots.take(atMost - own);
        unused -= own;
        taken += more;
        return own + more;
    }

    void returnSlots(int number) {
        unused += number;
    }

    /** Whether a task that has just become ready may be claimed at once: no task of a higher priority is ready. */
    boolean mayRunOn(int priority) {
        return mayClaim
                && !claimable.isBefore(priority, false)
                && ready.values().stream().noneMatch(bound -> bound > priority);
    }

    /**
     * Whether a new task may be claimed at once: no ready task is known that is as urgent. Such a task would be older.
     */
    boolean mayOvertake(int priority) {
        return mayClaim && ready.isEmpty() && !claimable.isBefore(priority, true);
    }

    /** This engine may claim a task of the workflow that is ready. */
    void ready(Workflow workflow, int priority) {
        ready.merge(workflow, priority, Math::max);
    }

    /** The workflows with ready tasks that the transaction leaves, each with a bound above their priorities. */
    public Map<Workflow, Integer> ready() {
        return ready;
    }

    boolean hasClaimable() {
        return mayClaim && !(ready.isEmpty() && claimable.isEmpty());
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

    /** After the commit: slots for which nothing was claimed are free again. */
    public void committed() {
        slots.give(unused);
        claimable.noteAll(ready);
    }

    /** After a rollback: nothing was claimed, and the workflows that may have ready tasks are noted again. */
    public void rolledBack() {
        slots.give(taken);
        claimable.noteAll(assumed);
        claimable.noteUnknown(assumedUnknown);
    }
}
