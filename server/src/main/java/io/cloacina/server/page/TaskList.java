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
 * @param counts the number of tasks in each state that has any
 * @param status the label of the selected state; empty for all
 * @param isFirst whether it is the first page
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

    /** Copies the list and the counts. */
    public TaskList {
        tasks = List.copyOf(tasks);
        counts = Collections.unmodifiableMap(counts);
    }

    static TaskList of(TaskPage page, Map<TaskStatus, Long> counts, String status, boolean isFirst) {
        return new TaskList(page.tasks(), counts, status, isFirst, page.next());
    }

    /** The selected states; empty, which means all, for an unknown label. */
    static List<TaskStatus> states(String status) {
        return Arrays.stream(TaskStatus.values())
                .filter(each -> each.label().equals(status))
                .toList();
    }

    /** The number of tasks of the execution. */
    public long all() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
