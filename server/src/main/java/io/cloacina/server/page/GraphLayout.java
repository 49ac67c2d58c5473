package io.cloacina.server.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Computes the positions of tasks: a task is one layer to the right of its rightmost dependency, and within a layer, each is
 * near the middle of its neighbors (after Sugiyama: layers by longest path, order by barycenter). A line that crosses layers
 * has a position in each of them, so that it passes beside boxes. In a large graph, the tasks of a crowded layer are drawn as
 * one box.
 */
final class GraphLayout {
    private static final int LARGE = 60;
    private static final int CROWDED = 6;
    private static final int MOST_LAYERS = 100;
    private static final int MOST_LETTERS = 26;
    private static final int LETTER = 8;
    private static final int BOX = 32;
    private static final int ROW = 46;
    private static final int GAP = 48;
    private static final int MARGIN = 8;
    private static final int SWEEPS = 6;
    private static final List<String> WORST_FIRST =
            List.of("s-failed", "s-running", "s-waiting", "s-ready", "s-notstarted", "s-cancelled", "s-completed");

    private final List<List<Cell>> layers = new ArrayList<>();
    private final boolean isLarge;

    /** A box, or a position where a line passes: then it has no task. */
    private static final class Cell {
        final GraphView.@Nullable Task task;
        final List<Cell> before = new ArrayList<>();
        final List<Cell> after = new ArrayList<>();
        double order;
        int x;
        int y;
        int width;

        Cell(GraphView.@Nullable Task task) {
            this.task = task;
        }
    }

    /** Draws the tasks; an empty picture if there are too many layers to be of use. */
    static GraphView draw(List<GraphView.Task> tasks) {
        return new GraphLayout(tasks).view();
    }

    private GraphLayout(List<GraphView.Task> tasks) {
        this.isLarge = tasks.size() > LARGE;
        Map<String, GraphView.Task> named = new LinkedHashMap<>();
        tasks.forEach(task -> named.put(task.name(), task));
        Map<String, Integer> depths = depths(named);
        int last = depths.values().stream().mapToInt(depth -> depth).max().orElse(-1);
        if (last >= MOST_LAYERS) {
            return;
        }
        List<List<GraphView.Task>> columns = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            columns.add(new ArrayList<>());
        }
        named.forEach((name, task) -> columns.get(depths.getOrDefault(name, 0)).add(task));
        Map<String, Cell> cells = new HashMap<>();
        columns.forEach(column -> layers.add(layer(column, cells)));
        connect(named, depths, cells);
        order();
    }

    /**
     * The layer of each task. Begins with the tasks without dependencies and counts the remaining dependencies of the others
     * down; without recursion, because a graph may be deep.
     */
    private static Map<String, Integer> depths(Map<String, GraphView.Task> named) {
        Map<String, Integer> left = new HashMap<>();
        Map<String, List<String>> successors = new HashMap<>();
        Map<String, Integer> depths = new HashMap<>();
        List<String> next = new ArrayList<>();
        named.forEach((name, task) -> {
            Set<String> known = new HashSet<>(task.dependencies());
            known.retainAll(named.keySet());
            left.put(name, known.size());
            known.forEach(each ->
                    successors.computeIfAbsent(each, any -> new ArrayList<>()).add(name));
            if (known.isEmpty()) {
                next.add(name);
                depths.put(name, 0);
            }
        });
        for (int i = 0; i < next.size(); i++) {
            int depth = depths.getOrDefault(next.get(i), 0) + 1;
            for (String successor : successors.getOrDefault(next.get(i), List.of())) {
                depths.merge(successor, depth, Math::max);
                if (left.merge(successor, -1, Integer::sum) == 0) {
                    next.add(successor);
                }
            }
        }
        return depths;
    }

    private List<Cell> layer(List<GraphView.Task> column, Map<String, Cell> cells) {
        List<Cell> layer = new ArrayList<>();
        if (isLarge && column.size() > CROWDED) {
            Cell all = new Cell(together(column));
            column.forEach(task -> cells.put(task.name(), all));
            layer.add(all);
        } else {
            for (GraphView.Task task : column) {
                Cell cell = new Cell(task);
                cells.put(task.name(), cell);
                layer.add(cell);
            }
        }
        return layer;
    }

    private static GraphView.Task together(List<GraphView.Task> column) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        column.forEach(task -> counts.merge(task.words(), 1, Integer::sum));
        String words = String.join(
                ", ",
                counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .toList());
        String state = WORST_FIRST.stream()
                .filter(each -> column.stream().anyMatch(task -> task.state().equals(each)))
                .findFirst()
                .orElse(column.get(0).state());
        return new GraphView.Task(column.size() + " tasks", List.of(), state, words, null);
    }

    private void connect(Map<String, GraphView.Task> named, Map<String, Integer> depths, Map<String, Cell> cells) {
        Set<List<Cell>> done = new HashSet<>();
        for (GraphView.Task task : named.values()) {
            for (String dependency : task.dependencies()) {
                Cell from = cells.get(dependency);
                Cell to = cells.get(task.name());
                if (from == null || to == null || !done.add(List.of(from, to))) {
                    continue;
                }
                int end = depths.getOrDefault(task.name(), 0);
                for (int layer = depths.getOrDefault(dependency, 0) + 1; layer < end; layer++) {
                    Cell passing = new Cell(null);
                    layers.get(layer).add(passing);
                    join(from, passing);
                    from = passing;
                }
                join(from, to);
            }
        }
    }

    private static void join(Cell from, Cell to) {
        from.after.add(to);
        to.before.add(from);
    }

    private void order() {
        layers.forEach(GraphLayout::number);
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            boolean isForward = sweep % 2 == 0;
            for (int i = 0; i < layers.size(); i++) {
                List<Cell> layer = layers.get(isForward ? i : layers.size() - 1 - i);
                for (Cell cell : layer) {
                    List<Cell> neighbours = isForward ? cell.before : cell.after;
                    cell.order = neighbours.stream()
                            .mapToDouble(each -> each.order)
                            .average()
                            .orElse(cell.order);
                }
                layer.sort(Comparator.comparingDouble(cell -> cell.order));
                number(layer);
            }
        }
    }

    /** Numbers the cells between 0 and 1, so that layers of different sizes can be compared. */
    private static void number(List<Cell> layer) {
        for (int i = 0; i < layer.size(); i++) {
            layer.get(i).order = (i + 0.5) / layer.size();
        }
    }

    private GraphView view() {
        int rows = layers.stream().mapToInt(List::size).max().orElse(0);
        int x = MARGIN;
        for (List<Cell> layer : layers) {
            int width = layer.stream().mapToInt(GraphLayout::width).max().orElse(0);
            int top = MARGIN + (rows - layer.size()) * ROW / 2;
            for (int i = 0; i < layer.size(); i++) {
                Cell cell = layer.get(i);
                cell.x = x;
                cell.y = top + i * ROW;
                cell.width = width;
            }
            x += width + GAP;
        }
        List<GraphView.Node> nodes = new ArrayList<>();
        List<GraphView.Edge> edges = new ArrayList<>();
        for (List<Cell> layer : layers) {
            for (Cell cell : layer) {
                cell.after.forEach(to -> edges.add(edge(cell, to)));
                if (cell.task != null) {
                    nodes.add(node(cell, cell.task));
                }
            }
        }
        int height = rows == 0 ? 0 : 2 * MARGIN + rows * ROW - (ROW - BOX);
        return new GraphView(Math.max(0, x - GAP + MARGIN), height, nodes, edges, isLarge);
    }

    private static int width(Cell cell) {
        return cell.task == null
                ? 0
                : Shown.firstLine(cell.task.name(), MOST_LETTERS).length() * LETTER + 42;
    }

    private static GraphView.Node node(Cell cell, GraphView.Task task) {
        return new GraphView.Node(
                cell.x,
                cell.y,
                cell.width,
                BOX,
                Shown.firstLine(task.name(), MOST_LETTERS),
                task.words().isEmpty() ? task.name() : task.name() + ": " + task.words(),
                task.state(),
                task.href());
    }

    /**
     * A line from the right side of a cell to the left side of another one; straight through a layer in which it only passes.
     */
    private static GraphView.Edge edge(Cell from, Cell to) {
        int y = from.y + BOX / 2;
        int end = to.y + BOX / 2;
        int x = from.x + from.width;
        int middle = (x + to.x) / 2;
        String start = from.task == null ? "M" + from.x + " " + y + "H" + x : "M" + x + " " + y;
        return new GraphView.Edge(start + "C" + middle + " " + y + " " + middle + " " + end + " " + to.x + " " + end);
    }
}
