package io.cloacina.cron;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.And;
import com.cronutils.model.field.expression.Between;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.field.expression.On;
import com.cronutils.model.field.expression.QuestionMark;
import com.cronutils.model.field.value.SpecialChar;
import com.cronutils.parser.CronParser;
import io.cloacina.api.CloacinaException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields of a cron expression as sets of values. The library parses them, one element of a list at a time, so that a
 * complaint can say where it is.
 */
final class CronFields {
    /** The seconds are left out of an expression of five fields. */
    enum Field {
        SECOND("second", CronFieldName.SECOND, 0, 59),
        MINUTE("minute", CronFieldName.MINUTE, 0, 59),
        HOUR("hour", CronFieldName.HOUR, 0, 23),
        DAY_OF_MONTH("day of month", CronFieldName.DAY_OF_MONTH, 1, 31),
        MONTH("month", CronFieldName.MONTH, 1, 12),
        DAY_OF_WEEK("day of week", CronFieldName.DAY_OF_WEEK, 0, 7);

        private final String label;
        private final CronFieldName parsed;
        private final int least;
        private final int greatest;

        Field(String label, CronFieldName parsed, int least, int greatest) {
            this.label = label;
            this.parsed = parsed;
            this.least = least;
            this.greatest = greatest;
        }
    }

    static final int MAX_LENGTH = 200;

    private static final int DAYS_OF_WEEK = 7;
    private static final int WEEKS_OF_MONTH = 5;
    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final Pattern ELEMENT = Pattern.compile("[^,]*");
    private static final CronParser PARSER = new CronParser(definition());

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
            throw new CloacinaException(
                    "INVALID_CRON",
                    "a cron expression has at most " + MAX_LENGTH + " characters, and this one has " + text.length());
        }
        CronFields fields = new CronFields(text);
        var words = new ArrayList<Word>();
        for (Matcher matcher = WORD.matcher(text); matcher.find(); ) {
            words.add(new Word(matcher.group(), matcher.start() + 1));
        }
        int given = words.size();
        if (given != 5 && given != 6) {
            throw new CloacinaException(
                    "INVALID_CRON",
                    "cron expression '" + text + "' has " + given + (given == 1 ? " field" : " fields")
                            + "; it has five (minute, hour, day of month, month, day of week), or six with the second"
                            + " before them");
        }
        if (given == 5) {
            words.add(0, new Word("0", 0));
        }
        Iterator<Word> next = words.iterator();
        for (Field field : Field.values()) {
            fields.read(field, next.next());
        }
        return fields;
    }

    /** A word and the position of its first character, from 1. */
    private record Word(String text, int position) {}

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

    private void read(Field field, Word word) {
        if (word.text.startsWith("*") || word.text.startsWith("?")) {
            unrestricted.add(field);
        }
        Matcher elements = ELEMENT.matcher(word.text);
        int from = 0;
        while (from <= word.text.length() && elements.find(from)) {
            Word element = new Word(elements.group(), word.position + from);
            readElement(field, element);
            from = elements.end() + 1;
        }
        BitSet set = of(field);
        if (field == Field.DAY_OF_WEEK && set.get(DAYS_OF_WEEK)) {
            set.set(0);
            set.clear(DAYS_OF_WEEK);
        }
    }

    private void readElement(Field field, Word element) {
        String written = element.text.toUpperCase(Locale.ROOT);
        if (written.isEmpty()) {
            throw refused(field, element, "there is nothing between the commas");
        }
        if (!written.chars().allMatch(c -> c < 128) || written.startsWith("/")) {
            throw refused(field, element, "it begins with a value, '*' or '?', and has only ASCII characters");
        }
        String alone = Stream.of(Field.values())
                .map(other -> other == field ? written : "*")
                .collect(Collectors.joining(" "));
        FieldExpression parsed;
        try {
            parsed = Objects.requireNonNull(
                            PARSER.parse(alone).retrieveFieldsAsMap().get(field.parsed))
                    .getExpression();
        } catch (IllegalArgumentException e) {
            throw refused(field, element, reason(e));
        }
        if (!add(field, parsed)) {
            throw refused(field, element, "such an element is not known here");
        }
    }

    private static String reason(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage()).replace("Failed to parse cron expression. ", "");
        return Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private CloacinaException refused(Field field, Word element, String why) {
        return new CloacinaException(
                "INVALID_CRON",
                "cron expression '" + text + "' is wrong at position " + element.position + ", " + field.label + " '"
                        + element.text + "': " + why + "; values are from " + field.least + " to " + field.greatest);
    }

    private boolean add(Field field, FieldExpression parsed) {
        if (parsed instanceof And and) {
            return and.getExpressions().stream().allMatch(each -> add(field, each));
        }
        if (parsed instanceof Every every) {
            return addRange(field, every.getExpression(), every.getPeriod().getValue());
        }
        if (parsed instanceof On on && on.getSpecialChar().getValue() != SpecialChar.NONE) {
            return addSpecial(field, on);
        }
        if (parsed instanceof On on) {
            of(field).set(on.getTime().getValue());
            return true;
        }
        return addRange(field, parsed, 1);
    }

    /** A single value with a step means from there on. */
    private boolean addRange(Field field, FieldExpression range, int step) {
        int from = field.least;
        // A week has seven days: 7 is Sunday a second time.
        int to = field == Field.DAY_OF_WEEK ? DAYS_OF_WEEK - 1 : field.greatest;
        if (range instanceof Between between) {
            from = (Integer) between.getFrom().getValue();
            to = (Integer) between.getTo().getValue();
        } else if (range instanceof On on && on.getSpecialChar().getValue() == SpecialChar.NONE) {
            from = on.getTime().getValue();
        } else if (!(range instanceof Always || range instanceof QuestionMark)) {
            return false;
        }
        for (int value = from; value <= to; value += step) {
            of(field).set(value);
        }
        return step > 0;
    }

    /** {@code L} and {@code L-3} in the day of the month, {@code MON#2} and {@code FRIL} in the day of the week. */
    private boolean addSpecial(Field field, On on) {
        SpecialChar special = on.getSpecialChar().getValue();
        int value = on.getTime().getValue();
        int number = on.getNth().getValue();
        if (field == Field.DAY_OF_MONTH && special == SpecialChar.L && value < 0) {
            beforeLast.set(Math.max(0, number));
            return number < 28;
        }
        if (field == Field.DAY_OF_WEEK && special == SpecialChar.L && value >= 0) {
            ofWeeks.set(value % DAYS_OF_WEEK);
            return true;
        }
        if (field == Field.DAY_OF_WEEK && special == SpecialChar.HASH && number >= 1 && number <= WEEKS_OF_MONTH) {
            ofWeeks.set(10 * number + value % DAYS_OF_WEEK);
            return true;
        }
        return false;
    }

    private static CronDefinition definition() {
        return CronDefinitionBuilder.defineCron()
                .withSeconds()
                .withValidRange(0, 59)
                .withStrictRange()
                .and()
                .withMinutes()
                .withValidRange(0, 59)
                .withStrictRange()
                .and()
                .withHours()
                .withValidRange(0, 23)
                .withStrictRange()
                .and()
                .withDayOfMonth()
                .withValidRange(1, 31)
                .supportsL()
                .supportsQuestionMark()
                .withStrictRange()
                .and()
                .withMonth()
                .withValidRange(1, 12)
                .withStrictRange()
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .supportsL()
                .supportsHash()
                .supportsQuestionMark()
                .withStrictRange()
                .and()
                .instance();
    }
}
