package io.cloacina.server.page;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.TaskPage;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page of the tasks of an execution.
 *
 * @param counts how many there are in each state that any has
 * @param status the label of the state that is shown; empty for all
 * @param isFirst whether it is the first page of those
 * @param next where the next page begins; null if this is the last one
 */
public record TaskList(
        List<TaskExecution> tasks,
        Map<TaskStatus, Long> counts,
        String status,
        boolean isFirst,
        @Nullable String next) {
    /** How many tasks a page has. */
    static final int PAGE = 100;

    /** Keeps the list and the counts. */
    public TaskList {
        tasks = List.copyOf(tasks);
        counts = Collections.unmodifiableMap(counts);
    }

    static TaskList of(TaskPage page, Map<TaskStatus, Long> counts, String status, boolean isFirst) {
        return new TaskList(page.tasks(), counts, status, isFirst, page.next());
    }

    /** Those that are shown; of a label that there is not, all. */
    static List<TaskStatus> states(String status) {
        return Arrays.stream(TaskStatus.values())
                .filter(each -> each.label().equals(status))
                .toList();
    }

    /** How many the execution has. */
    public long all() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
