package io.cloacina.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.engine.model.StoredWorkflow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    private static StoredWorkflow.Task task(String name, List<String> after, String rule, String... settings) {
        Map<String, String> its = new LinkedHashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            its.put(settings[i], settings[i + 1]);
        }
        return new StoredWorkflow.Task(name, after, rule.isEmpty() ? null : rule, its, List.of(), Map.of(), null);
    }

    private static List<StoredWorkflow.Task> order() {
        return List.of(
                task("read", List.of(), ""),
                task(
                        "charge",
                        List.of("read"),
                        "",
                        "retry",
                        "4 attempts, exponential PT1S up to PT1H, jitter 0.5",
                        "timeout",
                        "PT9S"),
                task("confirm", List.of("read"), "", "signal", "yes", "within", "PT24H"),
                task("refund", List.of("charge"), "if 'charge' failed"),
                task("ship", List.of("charge", "confirm"), "", "child", "shipping", "take", "parcel"));
    }

    @Test
    void each_task_is_a_line_with_when_and_how_it_runs() {
        assertThat(new Plan(new Style(false), 200).of(order()))
                .containsExactly(
                        "  ○─┐    read",
                        "  ○─│─┐  charge   retry 4 attempts, exponential PT1S up to PT1H, jitter 0.5; timeout 9.00 s",
                        "  │ ○─┤  confirm  waits for signal 'yes' within 1 d",
                        "  ○   │  refund   if 'charge' failed",
                        "      ○  ship     runs workflow 'shipping', takes 'parcel'");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80})
    void notes_are_wrapped_where_the_terminal_is_narrow(int width) {
        List<String> lines = new Plan(new Style(false), width).of(order());

        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
        assertThat(lines.get(2)).startsWith("  │ │ │  ");
        assertThat(String.join(" ", lines)).contains("jitter", "timeout 9.00 s", "takes 'parcel'");
    }

    @Test
    void a_graph_that_is_too_wide_is_told_in_words() {
        List<StoredWorkflow.Task> tasks = IntStream.range(0, 60)
                .mapToObj(i -> task("t" + i, i < 30 ? List.of() : List.of("t" + (i - 30)), ""))
                .toList();

        assertThat(new Plan(new Style(false), 60).of(tasks)).hasSize(60).contains("  ○  t0", "  ○  t59  after t29");
    }
}
