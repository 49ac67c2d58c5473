package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.TaskStatus;
import io.cloacina.server.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ValuesTest {
    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "90s, PT1M30S", "5m, PT5M", "1h30m, PT1H30M", "2d, PT48H", "1w, PT168H", "PT7M, PT7M"})
    void durations_are_numbers_with_units(String text, Duration expected) {
        assertThat(new Values.Spans().convert(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "5 m", "-5m", "five", "999999999999w"})
    void what_is_no_duration_is_refused_with_examples(String text) {
        assertThatThrownBy(() -> new Values.Spans().convert(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("such as 500ms, 90s, 5m");
    }

    @Test
    void times_are_by_the_clock_on_the_wall_unless_they_say_otherwise() {
        ZoneId here = ZoneId.systemDefault();
        Values.Instants instants = new Values.Instants();

        assertThat(instants.convert("2026-03-01T17:05"))
                .isEqualTo(LocalDateTime.of(2026, 3, 1, 17, 5).atZone(here).toInstant());
        assertThat(instants.convert("2026-03-01"))
                .isEqualTo(LocalDateTime.of(2026, 3, 1, 0, 0).atZone(here).toInstant());
        assertThat(instants.convert("2026-03-01T17:05Z")).isEqualTo(Instant.parse("2026-03-01T17:05:00Z"));
        assertThat(instants.convert("2026-03-01T17:05:30+02:00")).isEqualTo(Instant.parse("2026-03-01T15:05:30Z"));
        assertThatThrownBy(() -> instants.convert("tomorrow"))
                .hasMessageContaining("'tomorrow' is not a time, such as");
    }

    @Test
    void the_name_of_a_task_may_have_a_colon_when_another_one_follows() {
        Values.TaskStates states = new Values.TaskStates();

        assertThat(states.convert("ship:failed")).isEqualTo(new Values.TaskState("ship", TaskStatus.FAILED));
        assertThat(states.convert("a:b:")).isEqualTo(new Values.TaskState("a:b", null));
        assertThat(states.convert("a:b:failed")).isEqualTo(new Values.TaskState("a:b", TaskStatus.FAILED));
        assertThatThrownBy(() -> states.convert("a:b"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageStartingWith("'b' is not one of notstarted, ")
                .hasMessageEndingWith("; if the name of the task has a colon, add one: 'a:b:'");
    }

    @Test
    void json_that_is_given_keeps_its_digits_and_says_where_it_is_wrong() {
        assertThat(Json.object("{\"a\": 1.10, \"b\": [1, null]}", "--input").toString())
                .isEqualTo("{a=1.10, b=[1, null]}");
        assertThat(Json.value("\"x\"", "--value")).isEqualTo("x");
        assertThat(Json.value(null, "--value")).isNull();
        assertThatThrownBy(() -> Json.object("{\"a\": 1,}", "--input"))
                .isInstanceOf(CloacinaException.class)
                .hasMessageContaining("--input is not JSON: ")
                .hasMessageContaining("(line 1, column ");
        assertThatThrownBy(() -> Json.object("{\"a\": 1, \"a\": 2}", "--input"))
                .hasMessageContaining("Duplicate field 'a'");
        assertThatThrownBy(() -> Json.object("[]", "--input")).hasMessageContaining("it is of type array");
        assertThatThrownBy(() -> Json.object("{} x", "--input")).hasMessageContaining("--input is not JSON");
        assertThatThrownBy(() -> Json.object("", "--input")).hasMessage("--input is empty, which is not JSON");
    }
}
