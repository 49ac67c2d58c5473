package io.cloacina.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpanTextTest {
    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.2S, 200 ms",
        "PT1.5S, 1 s 500 ms",
        "PT0.000000001S, 1 ns",
        "PT0.9999995S, 999 ms 999500 ns",
        "PT1M30S, 1 min 30 s",
        "PT48H, 2 d",
        "PT49H30M, 2 d 1 h 30 min",
        "PT-5S, -5 s"
    })
    void each_unit_that_is_not_zero_is_written(Duration span, String text) {
        assertThat(Arguments.span(span)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "9223372036854775807, 106751991167300 d 15 h 30 min 7 s",
        "-9223372036854775808, -106751991167300 d 15 h 30 min 7 s"
    })
    void the_extremes_have_a_text(long seconds, String text) {
        assertThat(Arguments.span(Duration.ofSeconds(seconds))).isEqualTo(text);
    }
}
