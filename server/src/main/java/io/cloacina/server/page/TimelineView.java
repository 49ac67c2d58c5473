package io.cloacina.server.page;

import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.engine.model.TaskPage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The times when the tasks of an execution waited and ran.
 *
 * @param rows the tasks that have begun, in the order in which they began
 * @param isCutShort whether more tasks have begun
 */
public record TimelineView(List<Row> rows, boolean isCutShort, Duration length) {
    /** The width of a row: positions are in thousandths of it. */
    public static final int WIDTH = 1000;

    /** The largest number of rows. */
    static final int MOST_ROWS = 100;

    /**
     * A task.
     *
     * @param waitFrom where its dependencies had ended
     * @param runFrom where its body began
     */
    public record Row(TaskExecution task, int waitFrom, int runFrom, int runWidth, Duration waited, Duration ran) {}

    /** Copies the list. */
    public TimelineView {
        rows = List.copyOf(rows);
    }

    /**
     * The timeline at the instant {@code now}.
     *
     * @param begun the tasks that are shown
     * @param tasks the tasks of the definition, for the ends of dependencies
     */
    static TimelineView of(Execution execution, TaskPage begun, List<TaskExecution> tasks, Instant now) {
        Instant start = execution.createdAt();
        Instant completed = execution.completedAt();
        Instant end = completed == null ? now : completed;
        long whole = Math.max(1, Duration.between(start, end).toNanos());
        Map<String, Instant> ends = new HashMap<>();
        for (TaskExecution task : tasks) {
            if (task.completedAt() != null) {
                ends.put(task.name(), task.completedAt());
            }
        }
        List<Row> rows = begun.tasks().stream()
                .map(task -> row(task, start, whole, end, ends))
                .toList();
        return new TimelineView(rows, begun.next() != null, Duration.between(start, end));
    }

    private static Row row(TaskExecution task, Instant start, long whole, Instant end, Map<String, Instant> ends) {
        Instant begun = Objects.requireNonNull(task.startedAt());
        Instant free = start;
        for (String dependency : task.dependencies()) {
            Instant its = ends.get(dependency);
            free = its != null && its.isAfter(free) ? its : free;
        }
        free = free.isAfter(begun) ? begun : free;
        Instant stopped = stopped(task, end);
        int from = place(begun, start, whole);
        return new Row(
                task,
                place(free, start, whole),
                from,
                Math.max(4, place(stopped, start, whole) - from),
                Duration.between(free, begun),
                Duration.between(begun, stopped));
    }

    private static Instant stopped(TaskExecution task, Instant end) {
        Instant completed = task.completedAt();
        return completed == null ? end : completed;
    }

    private static int place(Instant at, Instant start, long whole) {
        double part = Duration.between(start, at).toNanos() / (double) whole;
        return (int) Math.round(Math.max(0, Math.min(1, part)) * (WIDTH - 4));
    }
}
