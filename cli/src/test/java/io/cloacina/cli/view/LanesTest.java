package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.model.TaskExecution;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {
    /** What is drawn, with the names. */
    private static String drawn(TaskExecution... tasks) {
        return new Graph(new Style(false), 200, Tasks.TIMES)
                .of(List.of(tasks)).stream()
                        .map(line -> line.replaceAll(" +Completed.*", "").substring(2))
                        .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void a_chain_is_a_column() {
        assertThat(drawn(Tasks.done("a"), Tasks.done("b", "a"), Tasks.done("c", "b")))
                .isEqualTo("""
                        ●  a
                        ●  b
                        ●  c
                        """);
    }

    @Test
    void a_diamond_parts_and_meets() {
        assertThat(drawn(
                        Tasks.done("read"),
                        Tasks.done("mean", "read"),
                        Tasks.done("most", "read"),
                        Tasks.done("least", "read"),
                        Tasks.done("tell", "mean", "most", "least")))
                .isEqualTo("""
                        ●─┬─┐  read
                        ● │ │  mean
                        ├─● │  most
                        ├───●  least
                        ●      tell
                        """);
    }

    @Test
    void a_line_passes_below_the_lanes_that_it_does_not_join() {
        assertThat(drawn(
                        Tasks.done("a"),
                        Tasks.done("b"),
                        Tasks.done("c"),
                        Tasks.done("after-b", "b"),
                        Tasks.done("after-a-and-c", "a", "c"),
                        Tasks.done("last", "a", "after-b", "after-a-and-c")))
                .isEqualTo("""
                        ●─┐      a
                        │ │ ●    b
                        ├─│─│─●  c
                        │ ├─●    after-b
                        ●─┤      after-a-and-c
                          ●      last
                        """);
    }

    @Test
    void every_one_of_many_meets_every_one_of_many() {
        assertThat(drawn(
                        Tasks.done("scan"),
                        Tasks.done("left", "scan"),
                        Tasks.done("right", "scan"),
                        Tasks.done("sum", "left", "right"),
                        Tasks.done("largest", "left", "right"),
                        Tasks.done("report", "sum", "largest")))
                .isEqualTo("""
                        ●─┐    scan
                        ●─│─┐  left
                        ├─●─┤  right
                        ●   │  sum
                        ├───●  largest
                        ●      report
                        """);
    }

    @Test
    void a_graph_of_too_many_lanes_is_told_in_words() {
        TaskExecution[] tasks = IntStream.range(0, 60)
                .mapToObj(i -> i == 0
                        ? Tasks.done("first")
                        : i == 59 ? Tasks.done("last", "first", "task-1", "task-2") : Tasks.done("task-" + i, "first"))
                .toArray(TaskExecution[]::new);

        List<String> lines = new Graph(new Style(false), 80, Tasks.TIMES).of(List.of(tasks));

        assertThat(lines).hasSize(60);
        assertThat(lines.get(0)).isEqualTo("  ●  first    Completed   0.10 s");
        assertThat(lines.get(59)).isEqualTo("  ●  last     Completed   0.10 s      after first task-1 task-2");
    }
}
