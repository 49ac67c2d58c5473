package io.cloacina.cli.view;

import io.cloacina.engine.model.TaskExecution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Shows the tasks of an execution while it runs: a line that stays when one is finished, and below, on a terminal, a line for
 * each that runs or waits, written over again and again. Elsewhere a line when one starts or begins to wait instead. Not
 * thread safe.
 */
public final class Progress {
    private static final int BAR_WIDTH = 30;
    private static final int LEAST_NAME = 10;
    private static final int LONGEST_NAME = 28;

    /** More could be higher than the terminal, and what has left it is not written over. */
    private static final int MOST_LIVE_LINES = 12;

    private final Screen screen;
    private final Times times;
    private final Map<String, String> seen = new HashMap<>();
    private int nameWidth;
    private int liveLines;

    /**
     * Shows nothing yet.
     *
     * @param before tasks as they were before: they are not shown again
     */
    public Progress(Screen screen, Times times, List<TaskExecution> before) {
        this.screen = screen;
        this.times = times;
        Node.of(before).stream().filter(node -> node.task().isFinished()).forEach(this::isNews);
    }

    /** Shows how it is now. */
    public void show(List<TaskExecution> tasks) {
        List<Node> nodes = Node.of(tasks);
        if (nameWidth == 0) {
            int longest =
                    nodes.stream().mapToInt(node -> node.name().length()).max().orElse(0);
            nameWidth = Math.max(LEAST_NAME, Math.min(LONGEST_NAME, longest)) + 3;
        }
        List<String> lasting = new ArrayList<>();
        nodes.stream()
                .filter(node -> isUnderWay(node) || node.task().isFinished())
                .filter(this::isNews)
                .sorted(Comparator.comparing(Progress::happenedAt))
                .filter(node -> node.task().isFinished() || !screen.isLive())
                .map(this::news)
                .forEach(lasting::add);
        if (!screen.isLive()) {
            lasting.forEach(screen::line);
            screen.flush();
            return;
        }
        List<String> live = new ArrayList<>();
        List<Node> underWay = nodes.stream().filter(Progress::isUnderWay).toList();
        underWay.stream().limit(MOST_LIVE_LINES).forEach(node -> live.add(running(node)));
        if (underWay.size() > MOST_LIVE_LINES) {
            live.add(screen.style().faint("  and " + (underWay.size() - MOST_LIVE_LINES) + " more"));
        }
        long finished = tasks.stream().filter(TaskExecution::isFinished).count();
        live.add(bar(finished, tasks.size()));
        redraw(lasting, live);
    }

    /** Removes the lines that are written over. */
    public void end() {
        if (screen.isLive()) {
            redraw(List.of(), List.of());
        }
    }

    private static boolean isUnderWay(Node node) {
        return switch (node.task().status()) {
            case RUNNING, WAITING -> true;
            case NOT_STARTED, READY, COMPLETED, FAILED, SKIPPED, CANCELLED -> false;
        };
    }

    private boolean isNews(Node node) {
        TaskExecution task = node.task();
        String state = task.status() + " " + task.attempt();
        return !state.equals(seen.put(task.name(), state));
    }

    private static Instant happenedAt(Node node) {
        Instant completed = node.task().completedAt();
        Instant started = node.task().startedAt();
        return completed != null ? completed : started != null ? started : Instant.MAX;
    }

    private String news(Node node) {
        Style style = screen.style();
        return switch (node.task().status()) {
            case COMPLETED -> fitted(node, "done in " + time(node), node.note(times), style::good);
            case FAILED -> fitted(node, "failed in " + time(node), node.note(times), style::bad);
            case RUNNING -> fitted(node, "started", "", Function.identity());
            case WAITING -> fitted(node, "", node.note(times), Function.identity());
            case NOT_STARTED, READY, SKIPPED, CANCELLED -> {
                String status = node.task().status().label().toLowerCase(Locale.ROOT);
                yield fitted(node, padded(status, 18), node.note(times), style::faint);
            }
        };
    }

    private String running(Node node) {
        return fitted(
                node,
                padded(Format.duration(node.duration(times.clock().instant())), 18),
                node.note(times),
                Function.identity());
    }

    private String time(Node node) {
        return padded(Format.duration(node.duration(times.clock().instant())), 10);
    }

    /** Never wider than the screen: a line that wraps could not be written over. */
    private String fitted(Node node, String what, String note, Function<String, String> look) {
        String name = "  " + padded(Format.cutBehind(node.name(), nameWidth - 1), nameWidth);
        String cut = Format.cutBehind(note, Math.max(3, screen.width() - name.length() - what.length()));
        String first = what.stripTrailing();
        String gap = cut.isEmpty() ? "" : what.substring(first.length());
        return (name + look.apply(first) + gap + screen.style().faint(cut)).stripTrailing();
    }

    private static String bar(long finished, int all) {
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

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }
}
