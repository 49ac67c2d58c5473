package io.cloacina.server.page;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.TaskExecution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The failed tasks of an execution; those whose errors begin with the same line are one.
 *
 * @param more how many further errors are left out
 */
public record FailedTasks(List<Group> groups, int more) {
    private static final int MOST = 5;
    private static final int LINE = 400;

    /** Tasks with the same error; {@code others} is how many there are beside the first. */
    public record Group(TaskExecution first, int others) {}

    /** Keeps the list. */
    public FailedTasks {
        groups = List.copyOf(groups);
    }

    static FailedTasks of(List<TaskExecution> tasks) {
        Map<String, Group> byError = new LinkedHashMap<>();
        for (TaskExecution task : tasks) {
            if (task.status() == TaskStatus.FAILED && task.error() != null) {
                byError.merge(
                        Shown.firstLine(task.error(), LINE).replace(task.name(), ""),
                        new Group(task, 0),
                        (group, one) -> new Group(group.first(), group.others() + 1));
            }
        }
        return new FailedTasks(byError.values().stream().limit(MOST).toList(), Math.max(0, byError.size() - MOST));
    }
}
