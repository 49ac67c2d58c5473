package io.cloacina.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Of which workflows tasks may be waiting to be claimed, with a bound above their priorities: a memory of what was made ready
 * and not claimed, so that nobody has to ask the database. It may believe too much, never too little, of what this process
 * did; what others did it learns by hints and by looking. Thread safe.
 */
final class Waiting {
    private final Map<Workflow, Integer> bounds = new ConcurrentHashMap<>();

    /** Something of the workflow is waiting, with at most this priority. */
    void note(Workflow workflow, int priority) {
        bounds.merge(workflow, priority, Math::max);
    }

    void noteAll(Map<Workflow, Integer> all) {
        all.forEach(this::note);
    }

    boolean isEmpty() {
        return bounds.isEmpty();
    }

    /** Whether something may be waiting that comes before a task of that priority, or among equals before a new one. */
    boolean isBefore(int priority, boolean amongEquals) {
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
    void moveTo(Map<Workflow, Integer> taker) {
        for (Workflow workflow : bounds.keySet()) {
            Integer bound = bounds.remove(workflow);
            if (bound != null) {
                taker.merge(workflow, bound, Math::max);
            }
        }
    }
}
