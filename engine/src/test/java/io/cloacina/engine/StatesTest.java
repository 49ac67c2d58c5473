package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The diagrams of docs/states.md have the states of the enums, and the final ones are left by retry only. */
class StatesTest {
    private static final Pattern DIAGRAM = Pattern.compile("```mermaid\n(.*?)```", Pattern.DOTALL);
    private static final Pattern ARROW = Pattern.compile("(\\[\\*]|\\w+) --> (\\[\\*]|\\w+)(?:: (.*))?");

    record Arrow(String from, String to, String why) {
        boolean isLeftByItself(String state) {
            return from.equals(state) && !to.equals("[*]") && !why.startsWith("retry");
        }
    }

    @Test
    void the_diagram_of_tasks_has_the_states_of_the_enum() throws IOException {
        check(arrows(0), TaskStatus.values(), TaskStatus::label, TaskStatus::isFinished);
    }

    @Test
    void the_diagram_of_executions_has_the_states_of_the_enum() throws IOException {
        check(arrows(1), ExecutionStatus.values(), ExecutionStatus::label, ExecutionStatus::isFinished);
    }

    private static <S> void check(List<Arrow> arrows, S[] states, Function<S, String> label, Predicate<S> finished) {
        assertThat(arrows.stream()
                        .flatMap(arrow -> Stream.of(arrow.from, arrow.to))
                        .filter(state -> !state.equals("[*]"))
                        .collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(states).map(label).collect(Collectors.toSet()));
        for (S state : states) {
            assertThat(arrows.stream().anyMatch(arrow -> arrow.isLeftByItself(label.apply(state))))
                    .as("%s is left without being retried", state)
                    .isEqualTo(!finished.test(state));
        }
    }

    static List<Arrow> arrows(int diagram) throws IOException {
        String text = Files.readString(Path.of("..", "docs", "states.md"));
        String shown = DIAGRAM.matcher(text).results().toList().get(diagram).group(1);
        return ARROW.matcher(shown)
                .results()
                .map(arrow -> new Arrow(arrow.group(1), arrow.group(2), arrow.group(3) == null ? "" : arrow.group(3)))
                .toList();
    }
}
