package io.cloacina.server.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks as a picture, from left to right; all numbers are pixels of an SVG.
 *
 * @param isCollapsed whether a node stands for several tasks
 */
public record GraphView(int width, int height, List<Node> nodes, List<Edge> edges, boolean isCollapsed) {
    /**
     * A box.
     *
     * @param state the CSS class
     * @param title the text that is shown on hover: the whole name and the state
     * @param href null for a box without a link
     */
    public record Node(
            int x,
            int y,
            int width,
            int height,
            String text,
            String title,
            String state,
            @Nullable String href) {}

    /** A line, as the data of a path. */
    public record Edge(String path) {}

    /**
     * A task to draw.
     *
     * @param state the CSS class
     * @param words its state in words; empty if it has none
     * @param href null for a task without a link
     */
    public record Task(
            String name,
            List<String> dependencies,
            String state,
            String words,
            @Nullable String href) {
        /** Copies the list. */
        public Task {
            dependencies = List.copyOf(dependencies);
        }
    }

    /** Copies the lists. */
    public GraphView {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }
}
