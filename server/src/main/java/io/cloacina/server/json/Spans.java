package io.cloacina.server.json;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in a form for users: {@code 90s}, {@code 5m}, {@code 1h30m}, {@code 2d}, {@code 500ms}. */
public final class Spans {
    private static final Pattern PART = Pattern.compile("(\\d{1,12})(ms|s|m|h|d|w)");
    private static final Pattern SPAN = Pattern.compile("(?:" + PART + ")+");
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Spans() {}

    /** Whether a text has this form, not that of ISO 8601. */
    public static boolean isSpan(String text) {
        return SPAN.matcher(text).matches();
    }

    /** Parses either form; empty for other texts, and for more than 36,500 days. */
    public static Optional<Duration> parse(String text) {
        try {
            Duration duration = isSpan(text) ? sum(text) : Duration.parse(text);
            if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
                return Optional.of(duration);
            }
        } catch (DateTimeException | ArithmeticException e) {
            // the caller says what can be written
        }
        return Optional.empty();
    }

    /** A duration in a form that {@link #parse} reads: {@code 1h30m}. */
    public static String shown(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
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
