package io.cloacina.schema.type;

import java.nio.charset.StandardCharsets;

/**
 * Converts between microseconds since 1970 and the 27 characters {@code uuuu-MM-ddTHH:mm:ss.SSSSSSZ}, for years 1 to
 * 9999, in integer arithmetic only. The conversions between days and dates are {@code civil_from_days} and
 * {@code days_from_civil} of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"
 * (howardhinnant.github.io/date_algorithms.html), without their branches for negative eras.
 */
final class TimestampText {
    static final int LENGTH = 27;

    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int DAYS_FROM_MARCH_OF_YEAR_0_TO_1970 = 719_468;
    private static final int DAYS_PER_ERA = 146_097;

    private TimestampText() {}

    /** @param epochMicros from {@link UniversalTimestamp#MIN} to {@link UniversalTimestamp#MAX} */
    static String format(long epochMicros) {
        long epochSecond = Math.floorDiv(epochMicros, MICROS_PER_SECOND);
        int micro = (int) (epochMicros - epochSecond * MICROS_PER_SECOND);
        int epochDay = (int) Math.floorDiv(epochSecond, SECONDS_PER_DAY);
        int secondOfDay = (int) (epochSecond - (long) epochDay * SECONDS_PER_DAY);

        int day = epochDay + DAYS_FROM_MARCH_OF_YEAR_0_TO_1970;
        int era = day / DAYS_PER_ERA;
        int dayOfEra = day - era * DAYS_PER_ERA;
        int yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        int year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);

        byte[] text = new byte[LENGTH];
        putDigits(text, 0, 4, year);
        text[4] = '-';
        putDigits(text, 5, 7, month);
        text[7] = '-';
        putDigits(text, 8, 10, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1);
        text[10] = 'T';
        putDigits(text, 11, 13, secondOfDay / 3_600);
        text[13] = ':';
        putDigits(text, 14, 16, secondOfDay / 60 % 60);
        text[16] = ':';
        putDigits(text, 17, 19, secondOfDay % 60);
        text[19] = '.';
        putDigits(text, 20, 26, micro);
        text[26] = 'Z';
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** @throws InvalidValueException for anything that {@link #format} does not write */
    static long parse(String text) {
        if (text.length() != LENGTH
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || text.charAt(10) != 'T'
                || text.charAt(13) != ':'
                || text.charAt(16) != ':'
                || text.charAt(19) != '.'
                || text.charAt(26) != 'Z') {
            throw notTimestamp(text);
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        int micro = digits(text, 20, 26);
        if (year < 1
                || month < 1
                || month > 12
                || day < 1
                || day > daysOfMonth(year, month)
                || hour > 23
                || minute > 59
                || second > 59) {
            throw notTimestamp(text);
        }
        int secondOfDay = (hour * 60 + minute) * 60 + second;
        long epochSecond = (long) epochDay(year, month, day) * SECONDS_PER_DAY + secondOfDay;
        return epochSecond * MICROS_PER_SECOND + micro;
    }

    private static int epochDay(int year, int month, int day) {
        int yearFromMarch = month <= 2 ? year - 1 : year;
        int era = yearFromMarch / 400;
        int yearOfEra = yearFromMarch - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DAYS_PER_ERA + dayOfEra - DAYS_FROM_MARCH_OF_YEAR_0_TO_1970;
    }

    private static int daysOfMonth(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    private static void putDigits(byte[] text, int from, int to, int number) {
        int rest = number;
        for (int position = to - 1; position >= from; position--) {
            text[position] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static int digits(String text, int from, int to) {
        int number = 0;
        for (int position = from; position < to; position++) {
            int digit = text.charAt(position) - '0';
            if (digit < 0 || digit > 9) {
                throw notTimestamp(text);
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static InvalidValueException notTimestamp(String text) {
        return new InvalidValueException(
                "not a timestamp (27 characters uuuu-MM-ddTHH:mm:ss.SSSSSSZ): " + TextRules.quoted(text));
    }
}
