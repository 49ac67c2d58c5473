package io.cloacina.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as users write them: {@code 500ms}, {@code 90s}, {@code 5m}, {@code 1h30m}, {@code 2d}, {@code 1w}, or in
 * the form of ISO 8601. Annotations, the command line, the HTTP API and the web page read the same forms. It is for the
 * modules of this library; applications do not need it. Stateless, thread safe.
 */
public final class Durations {
    private static final Pattern PART = Pattern.compile("([0-9]{1,18})(ms|s|m|h|d|w)");
    private static final Pattern SHORT = Pattern.compile("(?:" + PART + ")+");

    /** Longer texts are not durations; the pattern needs a frame of the stack for every part. */
    private static final int MAX_LENGTH = 200;

    private Durations() {}

    /** Whether a text is numbers with units, such as {@code 1h30m}, not in the form of ISO 8601. */
    public static boolean isShort(String text) {
        return Arguments.given("the text of a duration", text).length() <= MAX_LENGTH
                && SHORT.matcher(text).matches();
    }

    /** Parses either form; empty for other texts, and for what a {@link Duration} cannot hold. */
    public static Optional<Duration> parse(String text) {
        try {
            return Optional.of(isShort(text) ? sum(text) : Duration.parse(text));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty(); // the caller says what can be written
        }
    }

    /** As {@link #parse}, from zero to {@link Arguments#LONGEST}; empty for other durations. */
    public static Optional<Duration> parseDelay(String text) {
        return parse(text).filter(duration -> !duration.isNegative() && duration.compareTo(Arguments.LONGEST) <= 0);
    }

    /** A duration in a form that {@link #parse} reads: {@code 1h30m}; in that of ISO 8601 if no unit is so small. */
    public static String shown(Duration duration) {
        if (Arguments.given("the duration", duration).isZero()) {
            return "0s";
        }
        if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
            return duration.toString();
        }
        return part(duration.toDays(), "d")
                + part(duration.toHoursPart(), "h")
                + part(duration.toMinutesPart(), "m")
                + part(duration.toSecondsPart(), "s")
                + part(duration.toMillisPart(), "ms");
    }

    private static String part(long number, String unit) {
        return number == 0 ? "" : number + unit;
    }

    private static Duration sum(String text) {
        Duration sum = Duration.ZERO;
        for (Matcher part = PART.matcher(text); part.find(); ) {
            sum = sum.plus(of(Long.parseLong(part.group(1)), part.group(2)));
        }
        return sum;
    }

    private static Duration of(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofDays(Math.multiplyExact(7, number));
        };
    }
}
