package io.cloacina.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers and names as people read them. */
public final class Format {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private Format() {}

    /** {@code 1,234}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 file}, {@code 1,234 files}. */
    public static String count(long number, String one) {
        return count(number) + " " + one + (number == 1 ? "" : "s");
    }

    /** {@code 999 B}, {@code 1.2 kB}: powers of 1000, one decimal. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes / 1000.0;
        int unit = 0;
        // 999.95 would be rounded to 1000.0
        while (value >= 999.95 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** {@code 12.5 %}; nothing of nothing is nothing. */
    public static String share(long part, long whole) {
        return whole == 0 ? "" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    /** {@code 0.04 s}, {@code 12.3 s}, {@code 2 min 5 s}, {@code 3 h 20 min}, {@code 5 d 1 h}. */
    public static String duration(Duration duration) {
        double seconds = Math.max(0, duration.toMillis()) / 1000.0;
        if (seconds < 9.995) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        if (seconds < 99.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 3_600) {
            return whole / 60 + " min " + whole % 60 + " s";
        }
        boolean isDays = whole >= 86_400;
        long large = isDays ? whole / 86_400 : whole / 3_600;
        long small = isDays ? whole % 86_400 / 3_600 : whole % 3_600 / 60;
        return large + (isDays ? " d" : " h") + (small == 0 ? "" : " " + small + (isDays ? " h" : " min"));
    }

    /** {@code 2026-03-01 17:05:09}, in that zone. */
    public static String time(Instant instant, ZoneId zone) {
        return SECONDS.format(instant.atZone(zone));
    }

    /**
     * Lines of at most that many characters, broken at spaces; a word that is longer than a line is broken where the
     * line ends.
     *
     * @param indent stands before each line but the first
     */
    public static List<String> wrapped(String text, int width, String indent) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        int least = text.length() - text.stripLeading().length();
        while (rest.length() > width) {
            int at = rest.lastIndexOf(' ', width);
            if (at <= least) {
                at = Math.max(width, least + 2);
                if (at >= rest.length()) {
                    break;
                }
                at -= Character.isHighSurrogate(rest.charAt(at - 1)) ? 1 : 0;
            }
            lines.add(rest.substring(0, at).stripTrailing());
            rest = indent + rest.substring(at).strip();
            least = indent.length();
        }
        lines.add(rest);
        return lines;
    }

    /** A name without what a terminal would take for a command: control characters and marks of direction. */
    public static String printable(String name) {
        StringBuilder text = new StringBuilder();
        name.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean isHarmless = type != Character.CONTROL
                    && type != Character.FORMAT
                    && type != Character.LINE_SEPARATOR
                    && type != Character.PARAGRAPH_SEPARATOR;
            text.appendCodePoint(isHarmless ? c : '?');
        });
        return text.toString();
    }

    /** At most that many characters, cut in front: the end of a path says the most. */
    public static String cutInFront(String path, int width) {
        return path.length() <= width ? path : "..." + path.substring(path.length() - Math.max(0, width - 3));
    }

    /** At most that many characters, cut at the end. */
    public static String cutBehind(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 3)) + "...";
    }
}
