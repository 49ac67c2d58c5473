package io.cloacina.schema.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link DateTimeFormatter} with strict resolving is the reference. */
final class TimestampTextTest {
    private static final DateTimeFormatter REFERENCE = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);
    private static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);
    private static final long MIN = UniversalTimestamp.MIN.epochMicros();
    private static final long MAX = UniversalTimestamp.MAX.epochMicros();
    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final List<String> INTERESTING_DAYS = List.of(
            "0001-01-01",
            "0004-02-29",
            "0100-02-28",
            "0100-03-01",
            "0400-02-29",
            "1582-10-15",
            "1600-02-29",
            "1899-12-31",
            "1900-02-28",
            "1900-03-01",
            "1969-12-31",
            "1970-01-01",
            "2000-02-29",
            "2000-03-01",
            "2023-02-28",
            "2024-02-29",
            "2024-12-31",
            "2038-01-19",
            "2100-02-28",
            "2100-03-01",
            "9996-02-29",
            "9999-12-31");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void agrees_with_the_reference_in_both_directions_on_random_instants_of_the_whole_range(long seed) {
        new Random(seed).longs(25_000, MIN, MAX + 1).forEach(TimestampTextTest::assertAgreesWithTheReference);
    }

    @Test
    void agrees_with_the_reference_around_leap_days_centuries_the_epoch_and_the_ends_of_the_range() {
        interestingInstants().forEach(TimestampTextTest::assertAgreesWithTheReference);
    }

    @Test
    void agrees_with_the_calendar_on_every_day_of_ten_thousand_years() {
        LocalDate end = LocalDate.of(10_000, 1, 1);
        long micros = MIN;
        for (LocalDate day = LocalDate.of(1, 1, 1); day.isBefore(end); day = day.plusDays(1)) {
            String text = TimestampText.format(micros);
            boolean sameDay = text.startsWith(day.toString()) && text.endsWith("T00:00:00.000000Z");
            if (!sameDay || TimestampText.parse(text) != micros) {
                assertThat(text).as("midnight of %s, %d", day, micros).isEqualTo(day + "T00:00:00.000000Z");
            }
            micros += MICROS_PER_DAY;
        }
        assertThat(micros).isEqualTo(MAX + 1);
    }

    @Test
    void accepts_of_all_day_numbers_only_the_days_of_the_calendar() {
        for (int year : new int[] {0, 1, 4, 100, 400, 1900, 2000, 2023, 2024, 9999}) {
            for (int month = 0; month <= 13; month++) {
                for (int day = 0; day <= 32; day++) {
                    assertSameVerdict(String.format(Locale.ROOT, "%04d-%02d-%02dT12:34:56.789012Z", year, month, day));
                }
            }
        }
    }

    @Test
    void accepts_of_all_time_numbers_only_the_times_of_a_day() {
        for (int number = 0; number <= 99; number++) {
            assertSameVerdict(String.format(Locale.ROOT, "2024-02-29T%02d:00:00.000000Z", number));
            assertSameVerdict(String.format(Locale.ROOT, "2024-02-29T23:%02d:00.000000Z", number));
            assertSameVerdict(String.format(Locale.ROOT, "2024-02-29T23:59:%02d.999999Z", number));
        }
    }

    @Test
    void accepts_a_text_with_one_character_changed_exactly_when_the_reference_does() {
        char[] replacements = "0123456789-+:.,TtZz /\u0000\u0660\uFF11\uD83D".toCharArray();
        for (String text : sampleTexts()) {
            for (int index = 0; index < text.length(); index++) {
                for (char replacement : replacements) {
                    assertSameVerdict(text.substring(0, index) + replacement + text.substring(index + 1));
                }
            }
        }
    }

    @Test
    void accepts_a_text_with_two_characters_swapped_exactly_when_the_reference_does() {
        for (String text : sampleTexts()) {
            for (int index = 1; index < text.length(); index++) {
                assertSameVerdict(text.substring(0, index - 1)
                        + text.charAt(index)
                        + text.charAt(index - 1)
                        + text.substring(index + 1));
            }
        }
    }

    @Test
    void refuses_a_text_with_a_character_too_many_or_too_few() {
        char[] insertions = "0-+:.TZ ".toCharArray();
        for (String text : sampleTexts()) {
            for (int index = 0; index < text.length(); index++) {
                assertRefused(text.substring(0, index));
                assertRefused(text.substring(0, index) + text.substring(index + 1));
                for (char insertion : insertions) {
                    assertRefused(text.substring(0, index) + insertion + text.substring(index));
                }
            }
            assertRefused(text + " ");
            assertRefused(" " + text);
            assertRefused(text + "\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2024-01-01T00:00:00Z",
                "2024-01-01T00:00:00.123Z",
                "2024-01-01T00:00:00.123456789Z",
                "2024-01-01 00:00:00.000000Z",
                "2024-01-01T00:00:00.000000z",
                "2024-01-01T00:00:00.00000+0",
                "0000-12-31T23:59:59.999999Z",
                "-001-01-01T00:00:00.000000Z",
                "2024-01-01T24:00:00.000000Z",
                "2016-12-31T23:59:60.000000Z",
                "infinity",
            })
    void refuses_other_formats_of_instants(String text) {
        assertRefused(text);
    }

    @Test
    void texts_sort_as_their_instants() {
        List<Long> instants = new ArrayList<>();
        interestingInstants().forEach(instants::add);
        new Random(11).longs(5_000, MIN, MAX + 1).forEach(instants::add);
        new Random(12).longs(5_000, -2_000_000, 2_000_000).forEach(instants::add);

        List<String> texts =
                instants.stream().map(TimestampText::format).sorted().toList();

        assertThat(texts.stream().map(TimestampText::parse)).isSorted();
        assertThat(texts)
                .isEqualTo(instants.stream().sorted().map(TimestampText::format).toList());
    }

    private static LongStream interestingInstants() {
        long[] offsets = {-1_000_001, -1_000_000, -999_999, -1, 0, 1, 999_999, 1_000_000, 59_999_999, 86_399_999_999L};
        return LongStream.concat(
                        LongStream.of(0, MIN, MAX),
                        INTERESTING_DAYS.stream()
                                .mapToLong(day -> LocalDate.parse(day).toEpochDay() * MICROS_PER_DAY))
                .flatMap(instant -> LongStream.of(offsets).map(offset -> instant + offset))
                .filter(instant -> instant >= MIN && instant <= MAX);
    }

    private static List<String> sampleTexts() {
        return LongStream.concat(
                        LongStream.of(MIN, -1, 0, MAX, 1_709_251_199_999_999L), new Random(13).longs(12, MIN, MAX + 1))
                .mapToObj(TimestampText::format)
                .toList();
    }

    private static void assertAgreesWithTheReference(long micros) {
        String expected = REFERENCE.format(EPOCH.plus(micros, ChronoUnit.MICROS));
        String text = TimestampText.format(micros);
        if (!text.equals(expected) || TimestampText.parse(text) != micros) {
            assertThat(text).as("format of %d", micros).isEqualTo(expected);
            assertThat(TimestampText.parse(text)).as("parse of %s", text).isEqualTo(micros);
        }
    }

    private static void assertSameVerdict(String text) {
        OptionalLong expected = referenceParse(text);
        if (expected.isPresent()) {
            assertThat(TimestampText.parse(text)).as(text).isEqualTo(expected.getAsLong());
        } else {
            assertRefused(text);
        }
    }

    private static OptionalLong referenceParse(String text) {
        if (text.length() != 27) {
            return OptionalLong.empty();
        }
        try {
            LocalDateTime value = LocalDateTime.parse(text, REFERENCE);
            return value.getYear() < 1
                    ? OptionalLong.empty()
                    : OptionalLong.of(
                            ChronoUnit.MICROS.between(EPOCH.atOffset(ZoneOffset.UTC), value.atOffset(ZoneOffset.UTC)));
        } catch (DateTimeException refused) {
            return OptionalLong.empty();
        }
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> TimestampText.parse(text))
                .as("'%s'", text)
                .isInstanceOf(InvalidValueException.class)
                .hasMessageStartingWith("not a timestamp (27 characters uuuu-MM-ddTHH:mm:ss.SSSSSSZ): '");
    }
}
