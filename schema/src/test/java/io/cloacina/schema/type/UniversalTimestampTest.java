package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UniversalTimestampTest {
    @ParameterizedTest
    @CsvSource({
        "2024-12-31T23:59:59.999999999Z, 2024-12-31T23:59:59.999999Z",
        "2024-12-31T23:59:59.999999500Z, 2024-12-31T23:59:59.999999Z",
        "2024-01-01T00:00:00.000000999Z, 2024-01-01T00:00:00.000000Z",
        "1969-12-31T23:59:59.999999999Z, 1969-12-31T23:59:59.999999Z",
        "1969-12-31T23:59:59.000000001Z, 1969-12-31T23:59:59.000000Z",
        "1969-12-31T23:59:58.999999999Z, 1969-12-31T23:59:58.999999Z",
        "0001-01-01T00:00:00.000000999Z, 0001-01-01T00:00:00.000000Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999Z",
    })
    void nanoseconds_are_floored_never_rounded(Instant instant, String text) {
        assertThat(UniversalTimestamp.of(instant)).hasToString(text);
        assertThat(UniversalTimestamp.of(LocalDateTime.ofInstant(instant, ZoneOffset.UTC)))
                .hasToString(text);
    }

    @Test
    void every_nanosecond_of_a_random_instant_is_floored_as_the_instant_truncates() {
        Random random = new Random(21);
        for (int round = 0; round < 50_000; round++) {
            Instant instant = Instant.ofEpochSecond(
                    random.nextLong(-62_135_596_800L, 253_402_300_800L), random.nextInt(1_000_000_000));
            UniversalTimestamp timestamp = UniversalTimestamp.of(instant);
            assertThat(timestamp.toInstant()).isEqualTo(instant.truncatedTo(ChronoUnit.MICROS));
        }
    }

    @Test
    void converts_to_every_other_form_and_back() {
        new Random(22)
                .longs(20_000, UniversalTimestamp.MIN.epochMicros(), UniversalTimestamp.MAX.epochMicros() + 1)
                .forEach(micros -> {
                    UniversalTimestamp timestamp = UniversalTimestamp.ofEpochMicros(micros);
                    assertThat(timestamp.epochMicros()).isEqualTo(micros);
                    assertThat(UniversalTimestamp.of(timestamp.toInstant())).isEqualTo(timestamp);
                    assertThat(UniversalTimestamp.of(timestamp.toLocalDateTime()))
                            .isEqualTo(timestamp);
                    assertThat(UniversalTimestamp.parse(timestamp.toString())).isEqualTo(timestamp);
                });
    }

    @Test
    void the_range_is_from_year1_to_year9999() {
        assertThat(UniversalTimestamp.MIN).hasToString("0001-01-01T00:00:00.000000Z");
        assertThat(UniversalTimestamp.MAX).hasToString("9999-12-31T23:59:59.999999Z");
        assertThat(UniversalTimestamp.parse("0001-01-01T00:00:00.000000Z")).isEqualTo(UniversalTimestamp.MIN);
        assertThat(UniversalTimestamp.parse("9999-12-31T23:59:59.999999Z")).isEqualTo(UniversalTimestamp.MAX);
        assertThat(UniversalTimestamp.ofEpochMicros(0)).hasToString("1970-01-01T00:00:00.000000Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000-12-31T23:59:59.999999999Z",
                "+10000-01-01T00:00:00Z",
                "-1000000000-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59.999999999Z",
            })
    void instants_outside_the_range_are_refused(Instant instant) {
        assertThatThrownBy(() -> UniversalTimestamp.of(instant))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("timestamp outside 0001-01-01T00:00:00.000000Z to 9999-12-31T23:59:59.999999Z: " + instant);
    }

    @Test
    void the_infinities_of_postgres_are_refused() {
        assertThatThrownBy(() -> UniversalTimestamp.of(LocalDateTime.MAX))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("timestamp outside");
        assertThatThrownBy(() -> UniversalTimestamp.of(LocalDateTime.MIN))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("timestamp outside");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -62_135_596_800_000_001L, 253_402_300_800_000_000L, Long.MAX_VALUE})
    void microseconds_outside_the_range_are_refused(long micros) {
        assertThatThrownBy(() -> UniversalTimestamp.ofEpochMicros(micros))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageEndingWith(": " + micros + " microseconds since 1970");
    }

    @Test
    void now_is_the_instant_of_the_clock_whatever_its_zone() {
        Instant instant = Instant.parse("2024-03-31T01:30:00.123456789Z");
        Clock clock = Clock.fixed(instant, ZoneId.of("Europe/Berlin"));
        assertThat(UniversalTimestamp.now(clock)).hasToString("2024-03-31T01:30:00.123456Z");
    }

    @Test
    void a_duration_is_added_and_the_sum_floored() {
        UniversalTimestamp epoch = UniversalTimestamp.ofEpochMicros(0);
        assertThat(epoch.plus(Duration.ofSeconds(90))).hasToString("1970-01-01T00:01:30.000000Z");
        assertThat(epoch.plus(Duration.ofDays(-1))).hasToString("1969-12-31T00:00:00.000000Z");
        assertThat(epoch.plus(Duration.ofNanos(1_999))).hasToString("1970-01-01T00:00:00.000001Z");
        assertThat(epoch.plus(Duration.ofNanos(-1))).hasToString("1969-12-31T23:59:59.999999Z");
        assertThat(epoch.plus(Duration.ZERO)).isEqualTo(epoch);
    }

    @Test
    void a_sum_outside_the_range_is_refused() {
        for (Duration duration :
                new Duration[] {Duration.ofNanos(1_000), Duration.ofDays(1_000_000), Duration.ofSeconds(Long.MAX_VALUE)
                }) {
            assertThatThrownBy(() -> UniversalTimestamp.MAX.plus(duration))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessageContaining("timestamp outside");
        }
        assertThatThrownBy(() -> UniversalTimestamp.MIN.plus(Duration.ofNanos(-1)))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> UniversalTimestamp.MIN.plus(Duration.ofSeconds(Long.MIN_VALUE)))
                .isInstanceOf(InvalidValueException.class);
    }

    @Test
    void orders_and_equals_by_instant() {
        UniversalTimestamp earlier = UniversalTimestamp.ofEpochMicros(-1);
        UniversalTimestamp later = UniversalTimestamp.ofEpochMicros(0);
        assertThat(earlier).isLessThan(later).isNotEqualTo(later);
        assertThat(UniversalTimestamp.MIN).isLessThan(earlier);
        assertThat(UniversalTimestamp.ofEpochMicros(-1)).isEqualTo(earlier).hasSameHashCodeAs(earlier);
        assertThat(later).isNotEqualTo(0L);
    }

    @Test
    void the_error_of_a_long_text_quotes_its_beginning() {
        assertThatThrownBy(() -> UniversalTimestamp.parse("x".repeat(1_000)))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("not a timestamp (27 characters uuuu-MM-ddTHH:mm:ss.SSSSSSZ): '" + "x".repeat(60)
                        + "...' (1000 chars)");
    }
}
