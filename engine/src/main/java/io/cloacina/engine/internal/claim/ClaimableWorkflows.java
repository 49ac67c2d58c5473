package io.cloacina.engine.internal.claim;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Of which workflows tasks may be waiting to be claimed, with a bound above their priorities: a memory of what was made ready
 * and not claimed, so that nobody has to ask the database. It may believe too much, never too little, of what this process
 * did; what others did it learns by hints and by looking. Thread safe.
 */
public final class ClaimableWorkflows {
    /** Nothing is believed to wait; also the bound of a mere suspicion, which stands before nothing. */
    public static final int NOTHING = Integer.MIN_VALUE;

    public static final int SUSPICION = Integer.MIN_VALUE + 1;

    private final Map<Workflow, Integer> bounds = new ConcurrentHashMap<>();
    private final AtomicInteger unknown = new AtomicInteger(NOTHING);

    /** Something of the workflow is waiting, with at most this priority. */
    public void note(Workflow workflow, int priority) {
        bounds.merge(workflow, priority, Math::max);
    }

    public void noteAll(Map<Workflow, Integer> all) {
        all.forEach(this::note);
    }

    /** Something is waiting of nobody knows which workflow: somebody should look. */
    public void noteUnknown(int priority) {
        unknown.accumulateAndGet(priority, Math::max);
    }

    /** The bound of what nobody knows, which is the caller's to look for; {@link #NOTHING} if there is none. */
    public int takeUnknown() {
        return unknown.getAndSet(NOTHING);
    }

    /** The workflow is gone. */
    public void forget(Workflow workflow) {
        bounds.remove(workflow);
    }

    public boolean isEmpty() {
        return bounds.isEmpty() && unknown.get() == NOTHING;
    }

    /** Whether something may be waiting that comes before a task of that priority, or among equals before a new one. */
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
     * Hands over what is believed. To be called before the claim is made: what others make ready after that is noted after
     * their commit, and is not forgotten.
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
