package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.cron.CronExpression;
import io.cloacina.cron.CronTimes;
import io.cloacina.engine.model.Schedule;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What expressions mean, and when they fire in zones whose clocks are put on and back. */
class CronTimesTest {
    private static final Random RANDOM = new Random(Long.getLong("cron.seed", 20260308));
    private static final List<String> ZONES = ZoneId.getAvailableZoneIds().stream()
            .filter(zone -> zone.contains("/") && !zone.startsWith("Etc/") && !zone.startsWith("SystemV/"))
            .sorted()
            .toList();

    private static List<String> next(String cron, String zone, String after, int count) {
        return Schedule.of("s", "w").cron(cron).zone(zone).next(Instant.parse(after), count).stream()
                .map(Instant::toString)
                .toList();
    }

    // The independent calculation: it asks every minute of the clock on the wall, with Java's own view of the zone.

    private record Range(List<Integer> values, BitSet bits, boolean star) {
        Range(List<Integer> values, boolean star) {
            this(
                    values,
                    BitSet.valueOf(new long[] {
                        values.stream().mapToLong(value -> 1L << value).reduce(0, (a, b) -> a | b)
                    }),
                    star);
        }

        boolean has(int value) {
            return bits.get(value);
        }

        String text() {
            if (star && values.size() > 1) {
                return "*";
            }
            return String.join(",", values.stream().map(String::valueOf).toList());
        }
    }

    private static Range range(int least, int greatest, int stars) {
        if (RANDOM.nextInt(4) < stars) {
            return new Range(IntStream.rangeClosed(least, greatest).boxed().toList(), true);
        }
        TreeSet<Integer> values = new TreeSet<>();
        int number = 1 + RANDOM.nextInt(3);
        while (values.size() < number) {
            values.add(least + RANDOM.nextInt(greatest - least + 1));
        }
        return new Range(List.copyOf(values), false);
    }

    private record Fields(Range minute, Range hour, Range day, Range month, Range weekday) {
        static Fields random() {
            return new Fields(range(0, 59, 1), range(0, 23, 2), range(1, 31, 3), range(1, 12, 3), range(0, 6, 3));
        }

        String text() {
            return String.join(" ", minute.text(), hour.text(), day.text(), month.text(), weekday.text());
        }

        boolean means(LocalDateTime time) {
            boolean ofMonth = day.has(time.getDayOfMonth());
            boolean ofWeek = weekday.has(time.getDayOfWeek().getValue() % 7);
            return minute.has(time.getMinute())
                    && hour.has(time.getHour())
                    && month.has(time.getMonthValue())
                    && ((day.star || weekday.star) ? ofMonth && ofWeek : ofMonth || ofWeek);
        }

        TreeSet<Instant> times(ZoneId zone, Instant after, Instant until) {
            TreeSet<Instant> times = new TreeSet<>();
            if (hour.values.size() == 24) {
                for (Instant at = after.plusSeconds(1); at.isBefore(until); at = at.plusSeconds(1)) {
                    LocalDateTime wall = LocalDateTime.ofInstant(at, zone);
                    if (wall.getSecond() == 0) {
                        if (means(wall)) {
                            times.add(at);
                        }
                        // Offsets change at whole seconds only, and so may the second of the minute.
                        at = nearestMinute(zone, at);
                    }
                }
                return times;
            }
            LocalDateTime last = LocalDateTime.ofInstant(until, zone).plusDays(2);
            LocalDateTime wall = LocalDateTime.ofInstant(after, zone)
                    .minusDays(2)
                    .withSecond(0)
                    .withNano(0);
            for (; wall.isBefore(last); wall = wall.plusMinutes(1)) {
                if (means(wall)) {
                    ZoneOffsetTransition change = zone.getRules().getTransition(wall);
                    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(wall);
                    Instant at = offsets.isEmpty() ? change.getInstant() : wall.toInstant(offsets.get(0));
                    if (at.isAfter(after) && at.isBefore(until)) {
                        times.add(at);
                    }
                }
            }
            return times;
        }

        /** Up to the second before the next minute, if the offset stays the same. */
        private static Instant nearestMinute(ZoneId zone, Instant at) {
            Instant next = at.plusSeconds(59);
            return zone.getRules().getOffset(at).equals(zone.getRules().getOffset(next)) ? next : at;
        }
    }

    private static void agrees(ZoneId zone, Instant from, Instant until) {
        Fields fields = Fields.random();
        CronExpression expression;
        try {
            expression = CronExpression.parse(fields.text());
        } catch (CloacinaException e) { // such as 31 February
            return;
        }
        CronTimes times = new CronTimes(expression, zone, null, until);
        List<Instant> expected = new ArrayList<>(fields.times(zone, from, until));
        List<Instant> found = new ArrayList<>();
        for (Instant at = times.next(from).orElse(null);
                at != null;
                at = times.next(at).orElse(null)) {
            found.add(at);
        }
        String what = fields.text() + " in " + zone + " from " + from + " to " + until;
        assertThat(found).as(what).isEqualTo(expected);
        if (!expected.isEmpty()) {
            Instant middle = from.plusSeconds(RANDOM.nextLong(until.getEpochSecond() - from.getEpochSecond()));
            assertThat(times.last(expected.get(0), middle))
                    .as("the last one before " + middle + ": " + what)
                    .isEqualTo(
                            expected.stream().filter(at -> !at.isAfter(middle)).reduce((a, b) -> b));
        }
    }

    @Test
    void around_every_change_of_clocks_of_random_zones_times_are_those_of_a_calculation_by_hand() {
        int changes = 0;
        while (changes < 2_000) {
            ZoneId zone = ZoneId.of(ZONES.get(RANDOM.nextInt(ZONES.size())));
            Instant around = Instant.parse("1950-01-01T00:00:00Z").plusSeconds(RANDOM.nextLong(100L * 365 * 86_400));
            ZoneOffsetTransition change = zone.getRules().nextTransition(around);
            if (change != null) {
                changes++;
                Instant from = change.getInstant().minusSeconds(RANDOM.nextInt(100_000));
                agrees(zone, from, change.getInstant().plusSeconds(100_000));
            }
        }
    }

    @Test
    void over_months_of_random_zones_and_years_times_are_those_of_a_calculation_by_hand() {
        for (int i = 0; i < 150; i++) {
            ZoneId zone = ZoneId.of(ZONES.get(RANDOM.nextInt(ZONES.size())));
            Instant from = Instant.parse("1970-01-01T00:00:00Z").plusSeconds(RANDOM.nextLong(80L * 365 * 86_400));
            agrees(zone, from, from.plusSeconds(100L * 86_400));
        }
    }

    @Test
    void a_time_of_the_day_that_is_skipped_happens_when_the_clocks_are_put_on_and_once() {
        // 2026-03-29, Berlin: after 01:59:59 comes 03:00, 01:00 UTC.
        assertThat(next("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
        assertThat(next("*/20 2,3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 4))
                .containsExactly(
                        "2026-03-29T01:00:00Z", "2026-03-29T01:20:00Z", "2026-03-29T01:40:00Z", "2026-03-30T00:00:00Z");
    }

    @Test
    void a_time_of_the_day_that_is_repeated_happens_the_first_time() {
        // 2026-10-25, Berlin: 02:00 to 03:00 comes twice, from 00:00 and from 01:00 UTC.
        assertThat(next("30 2 * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(next("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", 1))
                .containsExactly("2026-10-26T01:30:00Z");
    }

    @Test
    void what_happens_every_hour_goes_on_evenly() {
        assertThat(next("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 3))
                .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z");
        assertThat(next("30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 3))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z");
    }

    @Test
    void a_day_that_a_zone_left_out_happens_at_its_end() {
        // Samoa had no 30 December 2011: midnight of the 31st is 10:00 UTC of the 30th.
        assertThat(next("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00:00Z", 3))
                .containsExactly("2011-12-29T22:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 L * *      | 2026-01-31T00:00:00Z 2026-02-28T00:00:00Z",
                "0 0 L-1 * *    | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z",
                "0 0 29 2 *     | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z",
                "0 0 * * MON#2  | 2026-01-12T00:00:00Z 2026-02-09T00:00:00Z",
                "0 0 * * FRIL   | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z",
                "0 0 * * 7      | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z",
                "0 0 * * SAT-SUN| 2026-01-03T00:00:00Z 2026-01-04T00:00:00Z",
                "0 0 13 * FRI   | 2026-01-02T00:00:00Z 2026-01-09T00:00:00Z",
                "0 0 13 * ?     | 2026-01-13T00:00:00Z 2026-02-13T00:00:00Z",
                "0 12 1 jan,Jul *| 2026-01-01T12:00:00Z 2026-07-01T12:00:00Z",
                "5/20 0 * * *   | 2026-01-01T00:05:00Z 2026-01-01T00:25:00Z",
                "*/10 * * * * * | 2026-01-01T00:00:10Z 2026-01-01T00:00:20Z",
                "15 30 9 * * *  | 2026-01-01T09:30:15Z 2026-01-02T09:30:15Z"
            })
    void names_steps_and_days_that_are_counted(String cron, String times) {
        assertThat(next(cron, "UTC", "2026-01-01T00:00:00Z", 2)).containsExactly(times.split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "61 * * * *     | position 1, minute '61'",
                "0 0,25 * * *   | position 5, hour '25'",
                "0 0 0 * *      | position 5, day of month '0'",
                "0 0 * FOO *    | position 7, month 'FOO'",
                "0 0 * * 8      | position 9, day of week '8'",
                "60 0 0 * * *   | position 1, second '60'",
                "*/0 * * * *    | position 1, minute '*/0'",
                "1,,2 * * * *   | position 3, minute ''",
                "1, * * * *     | position 3, minute ''",
                "5-1 * * * *    | position 1, minute '5-1'",
                "/5 * * * *     | position 1, minute '/5'",
                "0 0 LW * *     | position 5, day of month 'LW'",
                "0 0 3L * *     | position 5, day of month '3L'",
                "0 0 * * MON#6  | position 9, day of week 'MON#6'",
                "0 0 * * L      | position 9, day of week 'L'",
                "0 2 * *        | has 4 fields",
                "* * * * * * *  | has 7 fields",
                "0 0 30 2 *     | never fires"
            })
    void a_wrong_expression_is_refused_with_the_position(String cron, String message) {
        assertThatThrownBy(() -> Schedule.of("s", "w").cron(cron))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_CRON"))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berln, Europe/Berlin",
        "berlin, Europe/Berlin",
        "america/new york, America/New_York",
        "UCT1, UCT"
    })
    void an_unknown_zone_is_refused_with_the_one_that_may_be_meant(String given, String meant) {
        assertThatThrownBy(() -> Schedule.of("s", "w").zone(given))
                .isInstanceOfSatisfying(
                        CloacinaException.class, e -> assertThat(e.code()).isEqualTo("INVALID_ZONE"))
                .hasMessageContaining("did you mean '" + meant + "'");
    }

    @Test
    void a_window_includes_its_start_and_not_its_end() {
        assertThat(Schedule.of("s", "w")
                        .cron("0 * * * *")
                        .between(Instant.parse("2026-01-01T10:00:00Z"), Instant.parse("2026-01-01T12:00:00Z"))
                        .next(Instant.EPOCH, 10))
                .containsExactly(Instant.parse("2026-01-01T10:00:00Z"), Instant.parse("2026-01-01T11:00:00Z"));
        assertThatThrownBy(() -> Schedule.of("s", "w").between(Instant.MAX, Instant.MIN))
                .hasMessageContaining("must end after its start");
    }

    @Test
    void times_beyond_the_calendar_are_none() {
        assertThat(Schedule.of("s", "w").cron("0 * * * *").next(Instant.MAX, 1)).isEmpty();
    }
}
