package io.cloacina.server.page;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.TaskExecution;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A page of the tasks of an execution.
 *
 * @param counts how many there are in each state that any has
 * @param status the label of the state that is shown; empty for all
 * @param number of the page, from 1
 */
public record TaskList(
        List<TaskExecution> tasks, int all, Map<TaskStatus, Integer> counts, String status, int number, int pages) {
    private static final int PAGE = 100;

    /** Keeps the list. */
    public TaskList {
        tasks = List.copyOf(tasks);
    }

    static TaskList of(List<TaskExecution> all, String status, String page) {
        Map<TaskStatus, Integer> counts = new EnumMap<>(TaskStatus.class);
        all.forEach(task -> counts.merge(task.status(), 1, Integer::sum));
        List<TaskExecution> chosen = all.stream()
                .filter(task -> status.isEmpty() || task.status().label().equals(status))
                .toList();
        int pages = Math.max(1, (chosen.size() + PAGE - 1) / PAGE);
        int number = page.matches("\\d{1,6}") ? Math.max(1, Math.min(pages, Integer.parseInt(page))) : 1;
        return new TaskList(
                chosen.stream().skip((long) (number - 1) * PAGE).limit(PAGE).toList(),
                all.size(),
                counts,
                status,
                number,
                pages);
    }
}
