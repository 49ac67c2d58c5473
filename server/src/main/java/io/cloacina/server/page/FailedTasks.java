package io.cloacina.server.page;

import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.TaskPage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The failed tasks of an execution, or the first of them; tasks whose errors begin with the same line are one group.
 *
 * @param isCutShort whether there may be further errors
 */
public record FailedTasks(List<Group> groups, boolean isCutShort) {
    /** How many tasks are read, because each may have a whole stack trace. */
    static final int LOOKED_AT = 100;

    private static final int MOST = 5;
    private static final int LINE = 400;

    /** Tasks with the same error; {@code others} is how many there are beside the first. */
    public record Group(TaskExecution first, int others) {}

    /** Copies the list. */
    public FailedTasks {
        groups = List.copyOf(groups);
    }

    static FailedTasks of(TaskPage failed) {
        Map<String, Group> byError = new LinkedHashMap<>();
        for (TaskExecution task : failed.tasks()) {
            if (task.error() != null) {
                byError.merge(
                        Shown.firstLine(task.error(), LINE).replace(task.name(), ""),
                        new Group(task, 0),
                        (group, one) -> new Group(group.first(), group.others() + 1));
            }
        }
        return new FailedTasks(
                byError.values().stream().limit(MOST).toList(), failed.next() != null || byError.size() > MOST);
    }
}
