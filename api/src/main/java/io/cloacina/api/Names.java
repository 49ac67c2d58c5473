package io.cloacina.api;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/** Checks names, quotes them for messages, and suggests similar ones. Other packages use {@link Arguments}. */
final class Names {
    static final int MAX_LENGTH = 200;
    private static final int SHOWN = 40;
    private static final int MAX_SHOWN = 300;

    private Names() {}

    /** What is wrong with a name, if anything is. {@code what} is what it names, such as "the name of a task". */
    static Optional<String> problem(String what, String name, int maxLength) {
        if (name.isBlank()) {
            return Optional.of(what + " is blank");
        }
        if (name.length() > maxLength) {
            return Optional.of(what + " has " + name.length() + " characters; at most " + maxLength + " are allowed: "
                    + quoted(name));
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return Optional.of(
                        what + " has the control character " + escaped(name.charAt(i)) + ": " + quoted(name));
            }
        }
        // Databases refuse both: U+0000 among the control characters, and what is not Unicode.
        OptionalInt half = unpairedSurrogate(name);
        return half.isPresent()
                ? Optional.of(what + " has half of a surrogate pair at " + half.getAsInt() + ": " + quoted(name))
                : Optional.empty();
    }

    /** The index of the first surrogate without its partner. */
    static OptionalInt unpairedSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * In single quotes; what a terminal or a log could not show is escaped, and what is longer than any name is cut.
     */
    static String quoted(String text) {
        String name = text.length() > MAX_LENGTH ? text.substring(0, SHOWN) + "…" : text;
        StringBuilder shown = new StringBuilder(name.length() + 2).append('\'');
        boolean unicode = unpairedSurrogate(name).isEmpty();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c) || (!unicode && Character.isSurrogate(c))) {
                shown.append(escaped(c));
            } else {
                shown.append(c);
            }
        }
        return shown.append('\'').toString();
    }

    /** The beginning and the end of a text of any length, such as a path. */
    static String shortened(String text) {
        if (text.length() <= MAX_SHOWN) {
            return text;
        }
        int begin = MAX_SHOWN / 2;
        int end = text.length() - (MAX_SHOWN - begin - 1);
        // Half of a surrogate pair is not Unicode.
        begin -= Character.isHighSurrogate(text.charAt(begin - 1)) ? 1 : 0;
        end += Character.isLowSurrogate(text.charAt(end)) ? 1 : 0;
        return text.substring(0, begin) + "…" + text.substring(end);
    }

    static String escaped(char c) {
        return String.format("\\u%04x", (int) c);
    }

    /** The candidate that was probably meant: at most one typing error for every three characters, and three in all. */
    static Optional<String> nearest(String name, Collection<String> candidates) {
        if (name.length() > MAX_LENGTH) { // no candidate is so long, and to compare it with all would take long
            return Optional.empty();
        }
        int limit = Math.min(3, (name.length() + 1) / 3);
        String best = null;
        for (String candidate : candidates) {
            int distance = distance(name, candidate, limit);
            if (distance <= limit) {
                best = candidate;
                limit = distance - 1;
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * The Levenshtein distance in which swapping two neighbours is one step ("optimal string alignment"), or more than
     * the limit as soon as that is certain.
     */
    private static int distance(String left, String right, int limit) {
        if (Math.abs(left.length() - right.length()) > limit) {
            return limit + 1;
        }
        int[] twoBefore = new int[right.length() + 1];
        int[] before = new int[right.length() + 1];
        int[] row = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] spare = twoBefore;
            twoBefore = before;
            before = row;
            row = spare;
            row[0] = i;
            int least = i;
            for (int j = 1; j <= right.length(); j++) {
                int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(before[j - 1] + change, Math.min(before[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1)) {
                    row[j] = Math.min(row[j], twoBefore[j - 2] + 1);
                }
                least = Math.min(least, row[j]);
            }
            // A swap reaches back two rows, so a row beyond the limit decides only with a step to spare.
            if (least > limit + 1) {
                return limit + 1;
            }
        }
        return row[right.length()];
    }
}
