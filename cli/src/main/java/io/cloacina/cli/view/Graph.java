package io.cloacina.cli.view;

import io.cloacina.engine.model.TaskExecution;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tasks of an execution as lines of a terminal: what leads to what at the left, then names, states, times and reasons. */
public final class Graph {
    private static final int LONGEST_NAME = 28;

    /** How far names give way to what is said of the tasks, for which so much is wanted. */
    private static final int SHORTEST_NAME = 12;

    private static final int LEAST_NOTE = 24;

    private static final int STATE_WIDTH = 10;
    private static final int TIME_WIDTH = 10;

    /** A share of the line; a graph that needs more is told in words. */
    private static final int LANES_SHARE = 3;

    private static final int MOST_LANES = 40;

    private final Style style;
    private final int width;
    private final Times times;

    /** For a screen, and for times in the zone of this machine. */
    public Graph(Screen screen, Times times) {
        this(screen.style(), screen.width(), times);
    }

    /** Of that width. */
    public Graph(Style style, int width, Times times) {
        this.style = style;
        this.width = width;
        this.times = times;
    }

    /** A line for each task, in the order of the definition. Runs for the elements of a list are counted at their task. */
    public List<String> of(List<TaskExecution> tasks) {
        List<Node> nodes = Node.of(tasks);
        Map<String, List<String>> dependents = new LinkedHashMap<>();
        nodes.forEach(node -> dependents.put(node.task().name(), new ArrayList<>()));
        for (Node node : nodes) {
            for (String dependency : node.task().dependencies()) {
                List<String> its = dependents.get(dependency);
                if (its != null) {
                    its.add(node.task().name());
                }
            }
        }
        Lanes lanes = new Lanes();
        List<String> drawn = new ArrayList<>();
        for (Node node : nodes) {
            List<String> its = dependents.getOrDefault(node.task().name(), List.of());
            drawn.add(lanes.draw(node.task().name(), node.mark(), its));
        }
        boolean isTooWide = 2 * lanes.count() > Math.min(width / LANES_SHARE, 2 * MOST_LANES);
        int laneWidth = isTooWide ? 1 : Math.max(1, 2 * lanes.count() - 1);
        int longest =
                nodes.stream().mapToInt(node -> node.name().length()).max().orElse(0);
        int room = width - besideName(laneWidth) - LEAST_NOTE;
        int nameWidth = Math.min(Math.min(longest, LONGEST_NAME), Math.max(SHORTEST_NAME, room));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            String lane = isTooWide ? node.mark() : drawn.get(i);
            lines.add(line(node, lane, laneWidth, nameWidth, isTooWide));
        }
        return lines;
    }

    private String line(Node node, String lane, int laneWidth, int nameWidth, boolean saysDependencies) {
        Instant now = times.clock().instant();
        String label = node.task().status().label();
        String name = Format.cutBehind(node.name(), nameWidth);
        String took = node.took(now);
        String note = node.note(times);
        if (saysDependencies && !node.task().dependencies().isEmpty()) {
            note = (note.isEmpty() ? "" : note + ", ") + "after "
                    + Format.printable(String.join(" ", node.task().dependencies()));
        }
        String cut = Format.cutBehind(note, Math.max(3, width - besideName(laneWidth) - nameWidth));
        String line = "  "
                + lane.replace(node.mark(), style.state(label, node.mark()))
                + " ".repeat(laneWidth - lane.length() + 2)
                + name
                + " ".repeat(nameWidth - name.length() + 2)
                + style.state(label, label)
                + " ".repeat(STATE_WIDTH - label.length() + 2)
                + took
                + " ".repeat(Math.max(0, TIME_WIDTH - took.length()) + 2)
                + style.faint(cut);
        return line.stripTrailing();
    }

    /** What is before a note, beside the name. */
    private static int besideName(int laneWidth) {
        return 2 + laneWidth + 2 + 2 + STATE_WIDTH + 2 + TIME_WIDTH + 2;
    }
}
