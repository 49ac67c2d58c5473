package io.cloacina.micrometer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The names of tasks that are told apart: so many and no more, because each is a time series. Thread safe. */
final class Names {
    static final int MOST = 500;
    static final String OTHER = "other";

    private final Map<Task, String> known = new ConcurrentHashMap<>();

    private record Task(String workflow, String name) {}

    /** The name of the task, without the index of an element; or {@link #OTHER}. */
    String bounded(String workflow, String task) {
        Task key = new Task(workflow, withoutIndex(task));
        String found = known.get(key);
        if (found == null && known.size() < MOST) {
            found = key.name;
            known.put(key, found);
        }
        return found == null ? OTHER : found;
    }

    /** Runs for the elements of a list are named {@code task[7]}. */
    static String withoutIndex(String task) {
        int bracket = task.endsWith("]") ? task.lastIndexOf('[') : -1;
        return bracket > 0 ? task.substring(0, bracket) : task;
    }
}
