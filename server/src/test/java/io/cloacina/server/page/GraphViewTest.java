package io.cloacina.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The layout of a graph. */
class GraphViewTest {
    @Test
    void a_task_is_to_the_right_of_all_that_it_depends_on() {
        GraphView graph = GraphLayout.draw(
                List.of(task("d", "b", "c", "a"), task("c", "b"), task("b", "a"), task("a"), task("e", "a", "gone")));
        assertThat(x(graph, "a")).isLessThan(x(graph, "b"));
        assertThat(x(graph, "b")).isLessThan(x(graph, "c")).isEqualTo(x(graph, "e"));
        assertThat(x(graph, "c")).isLessThan(x(graph, "d"));
        assertThat(graph.isCollapsed()).isFalse();
    }

    @Test
    void no_two_boxes_overlap_and_all_are_within_the_picture() {
        List<GraphView.Task> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tasks.add(i < 5 ? task("t" + i) : task("t" + i, "t" + (i / 2), "t" + (i - 5)));
        }
        GraphView graph = GraphLayout.draw(tasks);
        assertThat(graph.nodes()).hasSize(50);
        for (GraphView.Node one : graph.nodes()) {
            assertThat(one.x() + one.width()).isLessThanOrEqualTo(graph.width());
            assertThat(one.y() + one.height()).isLessThanOrEqualTo(graph.height());
            assertThat(graph.nodes())
                    .filteredOn(other -> other.x() == one.x() && Math.abs(other.y() - one.y()) < one.height())
                    .containsExactly(one);
        }
    }

    @Test
    void a_crowded_layer_of_a_large_graph_is_one_box_that_tells_the_worst() {
        List<GraphView.Task> tasks = new ArrayList<>(List.of(task("first")));
        for (int i = 0; i < 10_000; i++) {
            tasks.add(new GraphView.Task("t" + i, List.of("first"), i == 7 ? "s-failed" : "s-completed", "x", null));
        }
        GraphView graph = GraphLayout.draw(tasks);
        assertThat(graph.isCollapsed()).isTrue();
        assertThat(graph.nodes()).hasSize(2);
        assertThat(graph.edges()).hasSize(1);
        assertThat(graph.nodes().get(1).text()).isEqualTo("10000 tasks");
        assertThat(graph.nodes().get(1).state()).isEqualTo("s-failed");
    }

    @Test
    void a_chain_that_nobody_would_look_at_is_not_drawn() {
        List<GraphView.Task> tasks = new ArrayList<>(List.of(task("t0")));
        for (int i = 1; i < 10_000; i++) {
            tasks.add(task("t" + i, "t" + (i - 1)));
        }
        assertThat(GraphLayout.draw(tasks).nodes()).isEmpty();
    }

    @Test
    void nothing_is_drawn_of_nothing() {
        assertThat(GraphLayout.draw(List.of())).isEqualTo(new GraphView(0, 0, List.of(), List.of(), false));
    }

    private static GraphView.Task task(String name, String... dependencies) {
        return new GraphView.Task(name, List.of(dependencies), "s-plain", "", null);
    }

    private static int x(GraphView graph, String name) {
        return graph.nodes().stream()
                .filter(node -> node.text().equals(name))
                .findFirst()
                .orElseThrow()
                .x();
    }
}
