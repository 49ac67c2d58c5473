package io.cloacina.cli.view;

import io.cloacina.engine.model.StoredWorkflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tasks of a workflow as lines: what leads to what at the left, then names, and when and how each runs. */
public final class Plan {
    private static final String MARK = "○";
    private static final int LONGEST_NAME = 28;

    /** A share of the line; a graph that needs more is told in words. */
    private static final int LANES_SHARE = 3;

    private static final int MOST_LANES = 40;
    private static final int LEAST_NOTE = 20;

    private final Style style;
    private final int width;

    /** Of that width. */
    public Plan(Style style, int width) {
        this.style = style;
        this.width = width;
    }

    /** A line for each task, in the order of the definition, and more where the notes of one need them. */
    public List<String> of(List<StoredWorkflow.Task> tasks) {
        Map<String, List<String>> dependents = new LinkedHashMap<>();
        tasks.forEach(task -> dependents.put(task.name(), new ArrayList<>()));
        tasks.forEach(task -> task.dependencies()
                .forEach(name -> dependents
                        .computeIfAbsent(name, absent -> new ArrayList<>())
                        .add(task.name())));
        Lanes lanes = new Lanes();
        List<String> drawn = new ArrayList<>();
        for (StoredWorkflow.Task task : tasks) {
            drawn.add(lanes.draw(task.name(), MARK, dependents.getOrDefault(task.name(), List.of())));
        }
        boolean isTooWide = 2 * lanes.count() > Math.min(width / LANES_SHARE, 2 * MOST_LANES);
        int laneWidth = isTooWide ? 1 : Math.max(1, 2 * lanes.count() - 1);
        int nameWidth = Math.min(
                LONGEST_NAME,
                tasks.stream().mapToInt(task -> task.name().length()).max().orElse(0));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < tasks.size(); i++) {
            StoredWorkflow.Task task = tasks.get(i);
            String lane = isTooWide ? MARK : drawn.get(i);
            String name = Format.cutBehind(Format.printable(task.name()), nameWidth);
            String begin = "  " + lane + " ".repeat(laneWidth - lane.length() + 2) + name
                    + " ".repeat(nameWidth - name.length() + 2);
            // Below the line only the lanes that lead further down are drawn.
            String below = isTooWide ? " " : passing(tasks, drawn, i + 1);
            String note = Format.printable(note(task, isTooWide));
            int room = Math.max(LEAST_NOTE, width - begin.length());
            List<String> parts = Format.wrapped(note, room, "");
            for (int part = 0; part < parts.size(); part++) {
                String front = part == 0 ? begin : "  " + below + " ".repeat(begin.length() - below.length() - 2);
                lines.add((front + style.faint(parts.get(part))).stripTrailing());
            }
        }
        return lines;
    }

    /** The lanes that come from above into the line of a task. */
    private static String passing(List<StoredWorkflow.Task> tasks, List<String> drawn, int next) {
        if (next == tasks.size()) {
            return "";
        }
        String fromAbove = "│├┤┼" + (tasks.get(next).dependencies().isEmpty() ? "" : MARK);
        StringBuilder lanes = new StringBuilder();
        for (char c : drawn.get(next).toCharArray()) {
            lanes.append(fromAbove.indexOf(c) >= 0 ? '│' : ' ');
        }
        return lanes.toString();
    }

    private static String note(StoredWorkflow.Task task, boolean saysDependencies) {
        Map<String, String> settings = new LinkedHashMap<>(task.settings());
        List<String> parts = new ArrayList<>();
        if (saysDependencies && !task.dependencies().isEmpty()) {
            parts.add("after " + String.join(" ", task.dependencies()));
        }
        if (task.rule() != null) {
            parts.add(task.rule());
        }
        waits(settings, parts);
        work(settings, parts);
        settings.forEach((name, value) ->
                parts.add(value.equals("true") ? name : name.replace('_', ' ') + " " + duration(value)));
        task.limits().forEach(limit -> parts.add("limit " + limit));
        return String.join("; ", parts);
    }

    private static void waits(Map<String, String> settings, List<String> parts) {
        String sleep = settings.remove("sleep");
        if (sleep != null) {
            parts.add("sleeps " + duration(sleep));
        }
        String signal = settings.remove("signal");
        String within = settings.remove("within");
        if (signal != null) {
            parts.add("waits for signal '" + signal + "'" + (within == null ? "" : " within " + duration(within)));
        }
    }

    private static void work(Map<String, String> settings, List<String> parts) {
        String list = settings.remove("for_each");
        String atOnce = settings.remove("at_once");
        boolean isCollecting = settings.remove("collect") != null;
        if (list != null) {
            parts.add("for each of '" + list + "'" + (atOnce == null ? "" : ", " + atOnce + " at once")
                    + (isCollecting ? ", collects failures" : ""));
        }
        String child = settings.remove("child");
        String taken = settings.remove("take");
        if (child != null) {
            parts.add("runs workflow '" + child + "'" + (isNone(taken) ? "" : ", takes '" + taken + "'"));
        }
    }

    private static boolean isNone(@Nullable String text) {
        return text == null || text.isEmpty() || text.equals("null");
    }

    /** A time as people read it, if it is one. */
    private static String duration(String text) {
        return text.matches("PT[0-9.HMS]+") ? Format.duration(Duration.parse(text)) : text;
    }
}
