package io.cloacina.server.page;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Labeled;
import io.cloacina.engine.model.AuditEntry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Formats values for templates. */
public final class Shown {
    private static final String NOTHING = "–";
    private static final int ID_END = 12;
    private static final int MOST_SEARCHED = 100;
    private static final int MOST_ERROR = 1_000;
    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;

    private Shown() {}

    /** The distance of an instant from now: {@code 5m ago}, {@code in 2h}. */
    public static String relative(@Nullable Instant at, Instant now) {
        if (at == null) {
            return NOTHING;
        }
        Duration passed = Duration.between(at, now);
        if (passed.abs().toSeconds() < 1) {
            return "now";
        }
        return passed.isNegative() ? "in " + span(passed.negated()) : span(passed) + " ago";
    }

    /** The outcome of a change, in words. */
    public static String outcome(AuditEntry entry) {
        Integer status = entry.status();
        if (status == null) {
            return "not known";
        }
        String code = entry.code();
        return code == null ? "done" : (status == 403 ? "refused: " : "failed: ") + code;
    }

    /** The exact time, in UTC, to the millisecond. */
    public static String exact(@Nullable Instant at) {
        return at == null
                ? ""
                : at.truncatedTo(ChronoUnit.MILLIS).toString().replace('T', ' ').replace("Z", " UTC");
    }

    /** The name of a time zone. */
    public static String zone(ZoneId zone) {
        return zone.getId().equals("Z") ? "UTC" : zone.getId();
    }

    /** How long something took, or has taken until now; a dash if it has not begun. */
    public static String between(@Nullable Instant from, @Nullable Instant to, Instant now) {
        return from == null ? NOTHING : took(Duration.between(from, to == null ? now : to));
    }

    /** As {@link #span}, with a tenth of a second below ten seconds. */
    public static String took(Duration duration) {
        long millis = duration.toMillis();
        return millis < 1_000 || millis >= 10_000
                ? span(duration)
                : String.format(Locale.ROOT, "%.1fs", Math.floor(millis / 100.0) / 10);
    }

    /** A duration in its two largest units. */
    public static String span(Duration given) {
        Duration duration = given.isNegative() ? Duration.ZERO : given;
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return duration.toMillis() + "ms";
        }
        if (seconds < MINUTE) {
            return seconds + "s";
        }
        if (seconds < HOUR) {
            return pair(seconds / MINUTE, "m", seconds % MINUTE, "s");
        }
        return seconds < DAY
                ? pair(seconds / HOUR, "h", seconds % HOUR / MINUTE, "m")
                : pair(seconds / DAY, "d", seconds % DAY / HOUR, "h");
    }

    private static String pair(long large, String unit, long small, String smaller) {
        return small == 0 ? large + unit : large + unit + " " + small + smaller;
    }

    /** The CSS class of a state. */
    public static String state(Labeled state) {
        return "s-" + state.label().toLowerCase(Locale.ROOT);
    }

    /** A state in words: {@code Not started}, {@code run once}. */
    public static String words(Labeled state) {
        String spaced = state.label()
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .replace('_', ' ')
                .replace('-', ' ');
        return spaced.substring(0, 1) + spaced.substring(1).toLowerCase(Locale.ROOT);
    }

    /** A text with a capital first letter. */
    public static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** Whether an execution has not ended, so that it can be cancelled. */
    public static boolean isOpen(ExecutionStatus status) {
        return !status.isFinished();
    }

    /** The end of an id, in which ids of the same time differ. */
    public static String id(UUID id) {
        String text = id.toString();
        return "…" + text.substring(text.length() - ID_END);
    }

    /** A name as a part of a path or as a value of a parameter. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The first line of a text, shortened to so many characters. */
    public static String firstLine(@Nullable String text, int most) {
        if (text == null) {
            return "";
        }
        String line = text.strip().lines().findFirst().orElse("");
        return line.codePointCount(0, line.length()) <= most
                ? line
                : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
    }

    /** Whether a text has more than its first line in that length. */
    public static boolean hasMore(@Nullable String text, int most) {
        return text != null && !firstLine(text, most).equals(text.strip());
    }

    /**
     * The part of a group's error that a search uses: the longest piece between the parts that differ within the group, which
     * are "…"; blank if there is none.
     */
    public static String searched(String error) {
        String longest = "";
        for (String piece : firstLine(error, MOST_ERROR).split("…", -1)) {
            longest = piece.strip().length() > longest.length() ? piece.strip() : longest;
        }
        int end = Math.min(longest.length(), MOST_SEARCHED);
        boolean isHalf = end < longest.length() && Character.isHighSurrogate(longest.charAt(end - 1));
        return longest.substring(0, isHalf ? end - 1 : end);
    }

    /** The page of the operation or the execution that a change created. */
    public static String made(AuditEntry entry) {
        boolean isOperation = entry.change().action().endsWith("/operations");
        return (isOperation ? "/operations/" : "/executions/") + entry.made();
    }

    /** A number of bytes in a suitable unit. */
    public static String bytes(long bytes) {
        if (bytes < 1 << 10) {
            return bytes + " B";
        }
        if (bytes < 1 << 20) {
            return (bytes >> 10) + " KiB";
        }
        return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
    }
}
