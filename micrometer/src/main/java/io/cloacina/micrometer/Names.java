package io.cloacina.micrometer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of tasks that have tag values of their own: a limited number, because each is a time series. Thread safe.
 */
final class Names {
    static final int MOST = 500;
    static final String OTHER = "other";

    private final Map<Task, String> known = new ConcurrentHashMap<>();

    private record Task(String workflow, String name) {}

    /** The name of the task as its workflow defines it, or {@link #OTHER}. */
    String bounded(String workflow, String task) {
        Task key = new Task(workflow, task);
        String found = known.get(key);
        if (found == null && known.size() < MOST) {
            found = key.name;
            known.put(key, found);
        }
        return found == null ? OTHER : found;
    }
}
