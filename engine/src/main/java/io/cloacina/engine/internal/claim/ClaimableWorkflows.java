package io.cloacina.engine.internal.claim;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which workflows may have ready tasks that this process can claim, each with a bound above their priorities. So the
 * database is not queried in vain. For changes by this process the entries may be too many, but never too few; changes
 * by others become known by notifications and by polling. Thread safe.
 */
public final class ClaimableWorkflows {
    /** The bound where no ready task is expected. */
    public static final int NOTHING = Integer.MIN_VALUE;

    /** The bound of a task that may or may not be claimable: it comes before no other task. */
    public static final int SUSPICION = Integer.MIN_VALUE + 1;

    private final Map<Workflow, Integer> bounds = new ConcurrentHashMap<>();
    private final AtomicInteger unknown = new AtomicInteger(NOTHING);

    /** The workflow may have a ready task, with at most this priority. */
    public void note(Workflow workflow, int priority) {
        bounds.merge(workflow, priority, Math::max);
    }

    public void noteAll(Map<Workflow, Integer> all) {
        all.forEach(this::note);
    }

    /** An unknown workflow may have a ready task with at most this priority: the database must be queried. */
    public void noteUnknown(int priority) {
        unknown.accumulateAndGet(priority, Math::max);
    }

    /** The bound for unknown workflows, for which the caller must query the database; {@link #NOTHING} for none. */
    public int takeUnknown() {
        return unknown.getAndSet(NOTHING);
    }

    /** Removes a workflow that this engine does not have any more. */
    public void forget(Workflow workflow) {
        bounds.remove(workflow);
    }

    public boolean isEmpty() {
        return bounds.isEmpty() && unknown.get() == NOTHING;
    }

    /** Whether a task may be ready that has a higher priority, or with {@code amongEquals} the same one. */
    public boolean isBefore(int priority, boolean amongEquals) {
        if (unknown.get() > priority) {
            return true;
        }
        for (int bound : bounds.values()) {
            if (bound > priority || (amongEquals && bound == priority)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Moves all entries to a map. To be called before the claim: tasks that others make ready afterwards are noted
     * after their commit, and so are not lost.
     */
    public void moveTo(Map<Workflow, Integer> taker) {
        for (Workflow workflow : List.copyOf(bounds.keySet())) {
            Integer bound = bounds.remove(workflow);
            if (bound != null) {
                taker.merge(workflow, bound, Math::max);
            }
        }
    }
}
