package io.cloacina.cli.view;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.model.TaskExecution;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** When the tasks of an execution were ready and ran, as bars under each other: the light part is the waiting for a runner. */
public final class Timeline {
    private static final int LONGEST_NAME = 24;
    private static final int TIME_WIDTH = 10;

    /** Where nothing bounds a line. */
    private static final int WIDEST = 120;

    private final Style style;
    private final int width;

    /** For a screen. */
    public Timeline(Screen screen) {
        this(screen.style(), screen.width());
    }

    Timeline(Style style, int width) {
        this.style = style;
        this.width = Math.min(width, WIDEST);
    }

    /** A line for each task and each run for an element that has begun; {@code now} is the end of what still runs. */
    public List<String> of(List<TaskExecution> tasks, Instant now) {
        List<TaskExecution> begun = tasks.stream()
                .filter(task -> task.startedAt() != null)
                .sorted(Comparator.comparing(task -> ready(task, now)))
                .toList();
        if (begun.isEmpty()) {
            return List.of("  (nothing has begun)");
        }
        Instant from = ready(begun.get(0), now);
        Instant to = begun.stream()
                .map(task -> Objects.requireNonNullElse(task.completedAt(), now))
                .max(Comparator.naturalOrder())
                .orElse(now);
        int nameWidth = Math.min(
                LONGEST_NAME,
                begun.stream().mapToInt(task -> task.name().length()).max().orElse(0));
        int barWidth = width - 2 - nameWidth - 2 - 2 - TIME_WIDTH;
        long nanos = Math.max(1, Duration.between(from, to).toNanos());
        List<String> lines = new ArrayList<>();
        String whole = Format.duration(Duration.between(from, to));
        lines.add(
                style.faint("  " + " ".repeat(nameWidth) + "  0" + " ".repeat(barWidth - 1 - whole.length()) + whole));
        for (TaskExecution task : begun) {
            Instant started = Objects.requireNonNullElse(task.startedAt(), from);
            int waiting = cell(ready(task, from), from, nanos, barWidth - 1);
            Instant ended = Objects.requireNonNullElse(task.completedAt(), now);
            int first = cell(started, from, nanos, barWidth - 1);
            int last = Math.max(first, cell(ended, from, nanos, barWidth) - 1);
            String name = Format.cutInFront(Format.printable(task.name()), nameWidth);
            lines.add("  " + name + " ".repeat(nameWidth - name.length() + 2) + " ".repeat(waiting)
                    + style.faint("░".repeat(first - waiting))
                    + style.state(task.status().label(), bar(task.status(), last - first + 1))
                    + " ".repeat(barWidth - last - 1 + 2)
                    + Format.duration(Node.duration(task, now)));
        }
        return lines;
    }

    /** Since when it was ready, if that is known; a task that was claimed as it became ready began then. */
    private static Instant ready(TaskExecution task, Instant otherwise) {
        Instant started = Objects.requireNonNullElse(task.startedAt(), otherwise);
        Instant ready = Objects.requireNonNullElse(task.readyAt(), started);
        return ready.isBefore(started) ? ready : started;
    }

    private static int cell(Instant instant, Instant from, long nanos, int cells) {
        double share = (double) Duration.between(from, instant).toNanos() / nanos;
        return (int) Math.max(0, Math.min(cells, Math.round(share * cells)));
    }

    /** Its last character says what a colour says. */
    private static String bar(TaskStatus status, int length) {
        String end = switch (status) {
            case FAILED -> "✗";
            case CANCELLED -> "·";
            case RUNNING -> "▶";
            case WAITING -> "◇";
            case READY, NOT_STARTED -> "○";
            case COMPLETED, SKIPPED -> "█";
        };
        return "█".repeat(length - 1) + end;
    }
}
