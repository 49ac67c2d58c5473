package io.cloacina.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "90s, PT1M30S",
        "1h30m, PT1H30M",
        "1s500ms, PT1.5S",
        "2d, PT48H",
        "1w, PT168H",
        "0s, PT0S",
        "PT1H30M, PT1H30M",
        "-PT1H, PT-1H",
        "40000d, PT960000H"
    })
    void numbers_with_units_and_iso_8601_are_read(String text, Duration expected) {
        assertThat(Durations.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "m", "5 m", "-5m", "five", "1.5s", "1H", "٣s", "999999999999999999w", "PT"})
    void other_texts_are_not(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @Test
    void a_text_of_any_length_is_refused_without_harm() {
        assertThat(Durations.parse("1s".repeat(1_000_000))).isEmpty();
        assertThat(Durations.isShort("1s".repeat(1_000_000))).isFalse();
    }

    @Test
    void a_delay_is_from_zero_to_36500_days() {
        assertThat(Durations.parseDelay("36500d")).contains(Arguments.LONGEST);
        assertThat(Durations.parseDelay("0s")).contains(Duration.ZERO);
        assertThat(Durations.parseDelay("36500d1ms")).isEmpty();
        assertThat(Durations.parseDelay("-PT1S")).isEmpty();
    }

    static Stream<Duration> some() {
        return Stream.of(
                Duration.ZERO,
                Duration.ofMillis(1),
                Duration.ofMillis(1_500),
                Duration.ofSeconds(90),
                Duration.ofMinutes(90),
                Duration.ofHours(36),
                Duration.ofDays(7),
                Duration.ofDays(36_500).plusSeconds(1),
                Duration.ofNanos(1),
                Duration.ofSeconds(90, 1),
                Duration.ofMillis(-1_500),
                Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
                Duration.ofSeconds(Long.MIN_VALUE));
    }

    @ParameterizedTest
    @MethodSource("some")
    void what_is_shown_can_be_read_back(Duration duration) {
        assertThat(Durations.parse(Durations.shown(duration))).contains(duration);
    }

    @Test
    void numbers_with_units_are_shown_where_there_are_such_units() {
        assertThat(Stream.of(Duration.ZERO, Duration.ofMillis(1_500), Duration.ofMinutes(90), Duration.ofHours(36))
                        .map(Durations::shown)
                        .toList())
                .isEqualTo(List.of("0s", "1s500ms", "1h30m", "1d12h"));
        assertThat(Durations.shown(Duration.ofNanos(1))).isEqualTo("PT0.000000001S");
    }
}
