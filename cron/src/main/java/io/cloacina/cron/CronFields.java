package io.cloacina.cron;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a cron expression as sets of values. An element of a field is {@code *}, {@code ?} (of a day), a value
 * or a range, each perhaps with a step, or a counted day: {@code L}, {@code L-3}, {@code MON#2}, {@code FRIL}.
 */
final class CronFields {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

    /** The seconds are left out of an expression of five fields. */
    enum Field {
        SECOND("second", 0, 59),
        MINUTE("minute", 0, 59),
        HOUR("hour", 0, 23),
        DAY_OF_MONTH("day of month", 1, 31),
        MONTH("month", 1, 12),
        DAY_OF_WEEK("day of week", 0, 7);

        private final String label;
        private final int least;
        private final int greatest;

        Field(String label, int least, int greatest) {
            this.label = label;
            this.least = least;
            this.greatest = greatest;
        }

        private List<String> names() {
            return switch (this) {
                case MONTH -> MONTHS;
                case DAY_OF_WEEK -> DAYS;
                default -> List.of();
            };
        }

        private boolean isOfDay() {
            return this == DAY_OF_MONTH || this == DAY_OF_WEEK;
        }
    }

    static final int MAX_LENGTH = 200;

    private static final int DAYS_OF_WEEK = 7;
    private static final int SUNDAY_AT_THE_END = 7;
    private static final int WEEKS_OF_MONTH = 5;
    /** A month of 28 days has no day that is further before its last one. */
    private static final int MAX_BEFORE_LAST = 27;

    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final Pattern STEPPED = Pattern.compile("([^/]+)(?:/([^/]*))?");
    private static final Pattern COUNTED = Pattern.compile("L(?:-(.*))?|(.*)#(.*)|(.+)L");

    private final String text;
    private final Map<Field, BitSet> values = new EnumMap<>(Field.class);
    private final Set<Field> unrestricted = EnumSet.noneOf(Field.class);

    /** Days before the last one of a month, such as 0 for {@code L}. */
    private final BitSet beforeLast = new BitSet();

    /** {@code 10 * week + day}, such as 21 for the second Monday ({@code MON#2}); week 0 is the last. */
    private final BitSet ofWeeks = new BitSet();

    private CronFields(String text) {
        this.text = text;
        for (Field field : Field.values()) {
            values.put(field, new BitSet());
        }
    }

    /** @throws CloacinaException with the position of what is wrong */
    static CronFields parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw invalid(
                    "a cron expression has at most " + MAX_LENGTH + " characters, and this one has " + text.length());
        }
        CronFields fields = new CronFields(text);
        List<Element> words = new ArrayList<>();
        for (Matcher matcher = WORD.matcher(text); matcher.find(); ) {
            words.add(new Element(matcher.group(), matcher.start() + 1));
        }
        int given = words.size();
        if (given != 5 && given != 6) {
            throw invalid("cron expression " + Arguments.shown(text) + " has " + given
                    + (given == 1 ? " field" : " fields")
                    + "; it has five (minute, hour, day of month, month, day of week), or six with the second"
                    + " before them");
        }
        if (given == 5) {
            words.add(0, new Element("0", 0));
        }
        Iterator<Element> next = words.iterator();
        for (Field field : Field.values()) {
            fields.read(field, next.next());
        }
        return fields;
    }

    private static CloacinaException invalid(String message) {
        return new CloacinaException(ErrorCodes.INVALID_CRON, message);
    }

    /** A part of the text and the position of its first character, from 1. */
    private record Element(String text, int position) {}

    /** The values of a field; Sunday is 0. */
    BitSet of(Field field) {
        return Objects.requireNonNull(values.get(field));
    }

    /** Whether a field begins with {@code *} or {@code ?}. */
    boolean isUnrestricted(Field field) {
        return unrestricted.contains(field);
    }

    BitSet beforeLast() {
        return beforeLast;
    }

    BitSet ofWeeks() {
        return ofWeeks;
    }

    private void read(Field field, Element word) {
        if (word.text.startsWith("*") || word.text.startsWith("?")) {
            unrestricted.add(field);
        }
        int from = 0;
        for (String element : word.text.split(",", -1)) {
            read(new Reading(field, new Element(element, word.position + from)));
            from += element.length() + 1;
        }
    }

    private void read(Reading element) {
        String written = element.written();
        if (written.isEmpty()) {
            throw element.refused("there is nothing between the commas");
        }
        if (!written.chars().allMatch(c -> c > 32 && c < 127)) {
            throw element.refused("only ASCII characters are allowed");
        }
        Matcher counted = COUNTED.matcher(written);
        if (element.field.isOfDay() && counted.matches()) {
            readCounted(element, counted);
            return;
        }
        Matcher stepped = STEPPED.matcher(written);
        if (!stepped.matches()) {
            throw element.refused("it begins with a value or '*', and has at most one step after '/'");
        }
        addRange(element, stepped.group(1), stepped.group(2));
    }

    /** {@code L} and {@code L-3} in the day of the month, {@code MON#2} and {@code FRIL} in the day of the week. */
    private void readCounted(Reading element, Matcher counted) {
        String before = counted.group(1);
        String dayOfWeek = counted.group(2) != null ? counted.group(2) : counted.group(4);
        if ((element.field == Field.DAY_OF_MONTH) != (dayOfWeek == null)) {
            throw element.refused("'L' alone, and 'L-3', are days of the month; 'FRIL' and 'MON#2' days of the week");
        }
        if (dayOfWeek == null) {
            beforeLast.set(before == null ? 0 : element.number("the number after 'L-'", before, 1, MAX_BEFORE_LAST));
        } else {
            int week = counted.group(3) == null
                    ? 0
                    : element.number("the number after '#'", counted.group(3), 1, WEEKS_OF_MONTH);
            ofWeeks.set(10 * week + element.value(dayOfWeek) % DAYS_OF_WEEK);
        }
    }

    /** A single value with a step means from there on. */
    private void addRange(Reading element, String range, @Nullable String written) {
        Field field = element.field;
        int step = written == null ? 1 : element.number("the step", written, 1, field.greatest);
        int last = element.last();
        int dash = range.indexOf('-');
        int from;
        int to;
        if (range.equals("*") || (range.equals("?") && field.isOfDay())) {
            from = field.least;
            to = last;
        } else if (dash < 0) {
            from = element.value(range);
            if (written != null && field == Field.DAY_OF_WEEK) {
                from %= DAYS_OF_WEEK;
            }
            to = written == null ? from : last;
        } else {
            String begin = range.substring(0, dash);
            String end = range.substring(dash + 1);
            from = element.value(begin);
            to = element.value(end);
            if (field == Field.DAY_OF_WEEK && from != to) {
                // Sunday is the first day of a range that begins with it, and the last of one that ends with it.
                from %= DAYS_OF_WEEK;
                to = to == 0 ? SUNDAY_AT_THE_END : to;
            }
            if (from > to) {
                throw element.refused("a range must ascend; write it as two, " + element.inTwo(begin, end));
            }
        }
        for (int value = from; value <= to; value += step) {
            of(field).set(field == Field.DAY_OF_WEEK ? value % DAYS_OF_WEEK : value);
        }
    }

    /** An element of a field, and its position for an error message. */
    private final class Reading {
        private final Field field;
        private final Element element;

        Reading(Field field, Element element) {
            this.field = field;
            this.element = element;
        }

        /** The last value. A week has seven days: 7 is Sunday a second time. */
        int last() {
            return field == Field.DAY_OF_WEEK ? DAYS_OF_WEEK - 1 : field.greatest;
        }

        String written() {
            return element.text.toUpperCase(Locale.ROOT);
        }

        /** A number, or the name of a month or of a day. */
        int value(String written) {
            int named = field.names().indexOf(written);
            String values = field.names().isEmpty()
                    ? "a value"
                    : "a value that is not a name such as " + field.names().get(1);
            return named >= 0 ? field.least + named : number(values, written, field.least, field.greatest);
        }

        int number(String what, String written, int least, int greatest) {
            // Longer ones are too large for any field, and perhaps for a number.
            int number = written.matches("[0-9]{1,9}") ? Integer.parseInt(written) : -1;
            if (number < least || number > greatest) {
                throw refused(what + " must be a number from " + least + " to " + greatest + ", not '" + written + "'");
            }
            return number;
        }

        /** A range over the end of its field. */
        String inTwo(String from, String to) {
            List<String> names = field.names();
            boolean isNamed = names.contains(from) && names.contains(to);
            String last = isNamed ? names.get(names.size() - 1) : String.valueOf(last());
            String first = isNamed ? names.get(0) : String.valueOf(field.least);
            return "'" + from + "-" + last + "," + first + "-" + to + "'";
        }

        CloacinaException refused(String why) {
            return invalid("cron expression " + Arguments.shown(text) + " is wrong at position " + element.position
                    + ", " + field.label + " " + Arguments.shown(element.text) + ": " + why);
        }
    }
}
