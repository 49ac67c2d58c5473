package io.cloacina.cli.demo;

import io.cloacina.engine.TaskExecution;
import io.cloacina.schema.tables.TaskStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Shows the tasks of an execution while it runs: a line that stays when one is finished, and below, on a terminal, a line for
 * each that runs, written over again and again. Elsewhere a line when one starts instead. Not thread safe.
 */
final class Progress {
    private static final int BAR_WIDTH = 30;

    private final Screen screen;
    private final UnaryOperator<String> notes;
    private final Clock clock;
    private final Map<String, String> seen = new HashMap<>();
    private int liveLines;

    /** {@code notes} has for the name of a task what it says about its work; tasks as {@code before} are not news. */
    Progress(Screen screen, UnaryOperator<String> notes, Clock clock, List<TaskExecution> before) {
        this.screen = screen;
        this.notes = notes;
        this.clock = clock;
        before.stream().filter(TaskExecution::isFinished).forEach(this::isNews);
    }

    /** Shows how it is now. */
    void show(List<TaskExecution> tasks) {
        List<String> lasting = new ArrayList<>();
        tasks.stream()
                .filter(task -> task.status() == TaskStatus.RUNNING || task.isFinished())
                .filter(this::isNews)
                .sorted(Comparator.comparing(Progress::happenedAt))
                .filter(task -> task.isFinished() || !screen.isLive())
                .map(task -> task.isFinished() ? finished(task) : name(task) + "started")
                .forEach(lasting::add);
        if (!screen.isLive()) {
            lasting.forEach(screen::line);
            screen.flush();
            return;
        }
        List<String> live = new ArrayList<>();
        tasks.stream().filter(task -> task.status() == TaskStatus.RUNNING).forEach(task -> live.add(running(task)));
        live.add(bar(tasks.stream().filter(TaskExecution::isFinished).count(), tasks.size()));
        redraw(lasting, live);
    }

    /** Removes the lines that are written over. */
    void end() {
        if (screen.isLive()) {
            redraw(List.of(), List.of());
        }
    }

    private boolean isNews(TaskExecution task) {
        String state = task.status() + " " + task.attempt();
        return !state.equals(seen.put(task.name(), state));
    }

    private static Instant happenedAt(TaskExecution task) {
        Instant completed = task.completedAt();
        Instant started = task.startedAt();
        return completed != null ? completed : started != null ? started : Instant.MAX;
    }

    private String finished(TaskExecution task) {
        return switch (task.status()) {
            case COMPLETED -> name(task) + screen.style().good("done") + " in " + timeAndNote(task);
            case FAILED -> name(task) + screen.style().bad("failed") + " in " + timeAndNote(task);
            default -> name(task) + screen.style().faint(task.status().label().toLowerCase(Locale.ROOT));
        };
    }

    private String timeAndNote(TaskExecution task) {
        String note = notes.apply(task.name());
        String attempt = task.attempt() > 1 ? "attempt " + task.attempt() : "";
        String both = note.isEmpty() || attempt.isEmpty() ? note + attempt : note + "; " + attempt;
        return (padded(Format.duration(duration(task, clock.instant())), 10)
                        + screen.style().faint(both))
                .stripTrailing();
    }

    private String running(TaskExecution task) {
        String time = Format.duration(duration(task, clock.instant()));
        return (name(task) + padded(time, 18) + screen.style().faint(notes.apply(task.name()))).stripTrailing();
    }

    private String bar(long finished, int all) {
        int full = (int) (BAR_WIDTH * finished / Math.max(1, all));
        return "  [" + "=".repeat(full) + " ".repeat(BAR_WIDTH - full) + "] " + finished + " of " + all + " tasks";
    }

    /** One write, so that a terminal never shows half of it. */
    private void redraw(List<String> lasting, List<String> live) {
        StringBuilder text = new StringBuilder();
        if (liveLines > 0) {
            text.append("\u001b[").append(liveLines).append("A");
        }
        text.append("\r\u001b[J");
        lasting.forEach(line -> text.append(line).append('\n'));
        live.forEach(line -> text.append(line).append('\n'));
        liveLines = live.size();
        screen.raw(text.toString());
    }

    static Duration duration(TaskExecution task, Instant now) {
        Instant started = task.startedAt();
        Instant completed = task.completedAt();
        return started == null ? Duration.ZERO : Duration.between(started, completed != null ? completed : now);
    }

    private static String name(TaskExecution task) {
        return "  " + padded(task.name(), 13);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
