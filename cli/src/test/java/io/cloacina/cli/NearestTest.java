package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearestTest {
    private static final List<String> NAMES = List.of("invoice", "payment", "pay", "report-nightly");

    @Test
    void a_typing_error_for_every_three_characters_is_forgiven() {
        assertThat(Nearest.to("invocie", NAMES)).contains("invoice");
        assertThat(Nearest.to("Payments", NAMES)).contains("payment");
        assertThat(Nearest.to("pya", NAMES)).contains("pay");
        assertThat(Nearest.to("x", NAMES)).isEmpty();
        assertThat(Nearest.to("refund", NAMES)).isEmpty();
    }

    @Test
    void a_beginning_that_only_one_has_is_enough() {
        assertThat(Nearest.to("report", NAMES)).contains("report-nightly");
        assertThat(Nearest.to("", NAMES)).isEmpty();
    }

    @Test
    void otherwise_it_is_said_what_there_is() {
        assertThat(Nearest.unknown("workflow", "refund", NAMES))
                .hasMessage("there is no workflow 'refund'; there are: invoice, pay, payment, report-nightly")
                .extracting("code")
                .isEqualTo("UNKNOWN_WORKFLOW");
        assertThat(Nearest.unknown("schedule", "a\u001b[1m", List.of()))
                .hasMessage("there is no schedule 'a?[1m', nor any other");
        List<String> many = IntStream.range(10, 40).mapToObj(i -> "w" + i).toList();
        assertThat(Nearest.unknown("workflow", "refund", many)).hasMessageEndingWith("w18, w19 and 20 more");
    }
}
