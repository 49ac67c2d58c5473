package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.model.TaskExecution;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {
    private static final List<TaskExecution> PAYMENT = List.of(
            Tasks.done("charge"),
            Tasks.failed("book", 3, "java.lang.IllegalStateException: the account is closed\n\tat x", "charge"),
            Tasks.waiting("approve", WaitKind.SIGNAL, "answer", "charge"),
            Tasks.ran("resize", TaskStatus.RUNNING, 500, -1, "charge"),
            Tasks.done("resize[0]"),
            Tasks.failed("resize[1]", 1, "no"),
            Tasks.ran("resize[2]", TaskStatus.RUNNING, 500, -1),
            Tasks.ran("tell", TaskStatus.NOT_STARTED, -1, -1, "book", "approve", "resize"));

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }

    @Test
    void tasks_are_drawn_with_their_states_times_and_reasons() {
        assertThat(lines(new Graph(new Style(false), 100, Tasks.TIMES).of(PAYMENT)))
                .isEqualTo("""
                          ●─┬─┐  charge   Completed   0.10 s
                          ✗ │ │  book     Failed      0.25 s      attempt 3, the account is closed
                          ├─◇ │  approve  Waiting     1.90 s      waits for signal 'answer' until 00:01:00
                          ├───▶  resize   Running     2.00 s      1 of 3 elements done, 1 failed
                          ○      tell     NotStarted
                        """);
    }

    @Test
    void no_line_is_wider_than_the_terminal() {
        assertThat(new Graph(new Style(false), 60, Tasks.TIMES).of(PAYMENT))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(60))
                .anySatisfy(line -> assertThat(line).endsWith("..."));
    }

    @Test
    void colours_say_the_states_as_well() {
        assertThat(new Graph(new Style(true), 80, Tasks.TIMES).of(PAYMENT).get(1))
                .startsWith("  \u001b[31m✗\u001b[0m │ │  book     \u001b[31mFailed\u001b[0m      0.25 s ");
    }

    @Test
    void a_text_of_the_user_commands_no_terminal() {
        assertThat(lines(new Graph(new Style(false), 80, Tasks.TIMES)
                        .of(List.of(Tasks.failed("a\u001b[2J", 1, "\u0007bad")))))
                .isEqualTo("  ✗  a?[2J  Failed      0.25 s      ?bad\n");
    }

    @Test
    void as_mermaid() {
        assertThat(Mermaid.of(PAYMENT, Tasks.TIMES.clock().instant())).isEqualTo("""
                        flowchart TD
                            t0["charge<br>Completed, 0.10 s"]:::completed
                            t1["book<br>Failed, 0.25 s"]:::failed
                            t2["approve<br>Waiting, 1.90 s"]:::waiting
                            t3["resize<br>Running, 2.00 s<br>3 elements"]:::running
                            t4["tell<br>NotStarted"]:::notstarted
                            t0 --> t1
                            t0 --> t2
                            t0 --> t3
                            t1 --> t4
                            t2 --> t4
                            t3 --> t4
                            classDef notstarted fill:#ffffff,stroke:#666666,color:#222222
                            classDef running fill:#cfe8f5,stroke:#666666,color:#222222
                            classDef waiting fill:#fbeec2,stroke:#666666,color:#222222
                            classDef completed fill:#d5f0d5,stroke:#666666,color:#222222
                            classDef failed fill:#f8d0d0,stroke:#666666,color:#222222
                        """);
    }

    @Test
    void names_in_mermaid_mean_nothing_to_it() {
        assertThat(Mermaid.of(List.of(Tasks.done("a\"]<b>&")), Tasks.START))
                .contains("t0[\"a#quot;]#lt;b#gt;#amp;<br>Completed, 0.10 s\"]");
    }

    @Test
    void as_bars_of_time() {
        List<TaskExecution> tasks = List.of(
                Tasks.ran("scan", TaskStatus.COMPLETED, 0, 500),
                Tasks.ran("left", TaskStatus.COMPLETED, 500, 2000, "scan"),
                Tasks.ran("right", TaskStatus.FAILED, 500, 1000, "scan"),
                Tasks.ran("slow", TaskStatus.RUNNING, 1000, -1, "scan"),
                Tasks.ran("last", TaskStatus.NOT_STARTED, -1, -1, "left"));

        assertThat(lines(new Timeline(new Style(false), 61)
                        .of(tasks, Tasks.TIMES.clock().instant())))
                .isEqualTo("""
                                 0                                 2.00 s
                          scan   ██████████                                0.50 s
                          left             ██████████████████████████████  1.50 s
                          right            █████████✗                      0.50 s
                          slow                       ███████████████████▶  1.00 s
                        """);
    }

    @Test
    void what_has_not_begun_has_no_bars() {
        assertThat(new Timeline(new Style(false), 80).of(List.of(), Tasks.START))
                .containsExactly("  (nothing has begun)");
    }
}
