package io.cloacina.cron;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.cron.CronFields.Field;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.Optional;

/**
 * A cron expression, which matches local times; it has no time zone. As in cron, if both the day of the month and the
 * day of the week are restricted, a day matches if either does. Immutable, thread safe.
 */
public final class CronExpression {
    /** 29 February on a given day of the week comes after 40 years at most, around a year like 2100. */
    private static final int MAX_YEARS = 50;

    private static final int WEEK = 7;

    private final CronFields fields;
    private final BitSet seconds;
    private final BitSet minutes;
    private final BitSet hours;

    private CronExpression(CronFields fields) {
        this.fields = fields;
        this.seconds = fields.of(Field.SECOND);
        this.minutes = fields.of(Field.MINUTE);
        this.hours = fields.of(Field.HOUR);
    }

    /**
     * Parses an expression of five fields (minute, hour, day of month, month, day of week) or six (seconds first).
     *
     * @throws CloacinaException if it is not valid, with the position of the error, or if no day matches it
     */
    public static CronExpression parse(String text) {
        CronExpression parsed = new CronExpression(CronFields.parse(Arguments.given("the cron expression", text)));
        if (parsed.from(LocalDateTime.of(2001, 1, 1, 0, 0)).isEmpty()) {
            throw new CloacinaException(
                    ErrorCodes.INVALID_CRON,
                    "cron expression " + Arguments.shown(text) + " never fires: none of its months has that day");
        }
        return parsed;
    }

    /** Whether it matches some time in every hour of the day. */
    public boolean isOfEveryHour() {
        return hours.cardinality() == 24;
    }

    /** Returns the first local time that matches, the given one or later; empty if there is none within decades. */
    public Optional<LocalDateTime> from(LocalDateTime given) {
        try {
            return search(Arguments.given("the time", given));
        } catch (DateTimeException e) { // beyond the last day of the calendar
            return Optional.empty();
        }
    }

    private Optional<LocalDateTime> search(LocalDateTime given) {
        LocalDateTime whole = given.truncatedTo(ChronoUnit.SECONDS);
        LocalDateTime earliest = whole.equals(given) ? whole : whole.plusSeconds(1);
        LocalDate day = earliest.toLocalDate();
        LocalDate last = day.plusYears(MAX_YEARS);
        LocalTime time = earliest.toLocalTime();
        while (day.isBefore(last)) {
            if (!fields.of(Field.MONTH).get(day.getMonthValue())) {
                day = day.withDayOfMonth(1).plusMonths(1);
            } else {
                int second = isDay(day) ? secondOfDay(time.toSecondOfDay()) : -1;
                if (second >= 0) {
                    return Optional.of(day.atTime(LocalTime.ofSecondOfDay(second)));
                }
                day = day.plusDays(1);
            }
            time = LocalTime.MIN;
        }
        return Optional.empty();
    }

    private boolean isDay(LocalDate day) {
        boolean ofMonth = fields.of(Field.DAY_OF_MONTH).get(day.getDayOfMonth())
                || fields.beforeLast().get(day.lengthOfMonth() - day.getDayOfMonth());
        int weekday = day.getDayOfWeek().getValue() % WEEK;
        boolean ofWeek = fields.of(Field.DAY_OF_WEEK).get(weekday)
                || fields.ofWeeks().get(10 * ((day.getDayOfMonth() - 1) / WEEK + 1) + weekday)
                || (fields.ofWeeks().get(weekday) && day.getDayOfMonth() + WEEK > day.lengthOfMonth());
        boolean either = !fields.isUnrestricted(Field.DAY_OF_MONTH) && !fields.isUnrestricted(Field.DAY_OF_WEEK);
        return either ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    /** The first second that matches in the rest of a day, or -1. */
    private int secondOfDay(int from) {
        int hour = hours.nextSetBit(from / 3600);
        if (hour < 0) {
            return -1;
        }
        if (hour == from / 3600) {
            int minute = minutes.nextSetBit(from / 60 % 60);
            if (minute == from / 60 % 60) {
                int second = seconds.nextSetBit(from % 60);
                if (second >= 0) {
                    return hour * 3600 + minute * 60 + second;
                }
                minute = minutes.nextSetBit(minute + 1);
            }
            if (minute >= 0) {
                return hour * 3600 + minute * 60 + seconds.nextSetBit(0);
            }
            hour = hours.nextSetBit(hour + 1);
        }
        return hour < 0 ? -1 : hour * 3600 + minutes.nextSetBit(0) * 60 + seconds.nextSetBit(0);
    }
}
