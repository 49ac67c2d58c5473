package io.cloacina.api;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Checks the arguments of public methods. It is for the modules of this library; applications do not need it. Every
 * check throws a {@link CloacinaException} that names the argument, what is wrong and what is allowed. A null argument
 * that is not allowed has the code {@code INVALID_ARGUMENT}. Stateless, thread safe.
 */
public final class Arguments {
    /** The code of errors about arguments that have no more specific code: {@code INVALID_ARGUMENT}. */
    public static final String INVALID = ErrorCodes.INVALID_ARGUMENT;

    /** 36,500 days, about a hundred years: the longest delay. A longer wait means forever. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    /** The earliest instant that both databases store. */
    public static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    /** The latest instant that both databases store. */
    public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** How many characters a name, or a key, may have. */
    public static final int MAX_NAME = Names.MAX_LENGTH;

    /** How many elements a list may have. */
    public static final int MAX_ELEMENTS = 100_000;

    private Arguments() {}

    /**
     * Checks that a value is not null.
     *
     * @param what names it, such as {@code the retry policy}
     */
    public static <T> T given(String what, @Nullable T value) {
        if (value == null) {
            throw invalid(what + " must not be null");
        }
        return value;
    }

    /** An immutable copy of at most {@value #MAX_ELEMENTS} elements, none of them null. */
    public static <T> List<T> all(String what, Collection<? extends @Nullable T> values) {
        int size = given(what, values).size();
        if (size > MAX_ELEMENTS) {
            throw invalid(what + " have " + size + " elements; at most " + MAX_ELEMENTS + " are allowed");
        }
        List<T> all = new ArrayList<>(size);
        for (T value : values) {
            if (value == null) {
                throw invalid(what + " have null at index " + all.size() + ": remove it");
            }
            all.add(value);
        }
        return List.copyOf(all);
    }

    /** As {@link #all(String, Collection)}. */
    public static <T> List<T> all(String what, @Nullable T[] values) {
        return all(what, Arrays.asList(given(what, values)));
    }

    /** Checks a name: not blank, at most {@code maxLength} characters, no control characters, valid Unicode. */
    public static String name(String code, String what, String name, int maxLength) {
        requireLength(code, what, given(what, name), maxLength);
        Names.problem(what, name, maxLength).ifPresent(problem -> {
            throw new CloacinaException(code, problem);
        });
        return name;
    }

    /** As {@link #name(String, String, String, int)}, of at most {@value #MAX_NAME} characters. */
    public static String name(String code, String what, String name) {
        return name(code, what, name, MAX_NAME);
    }

    /** Checks a key of the application: as a name, but with any characters that both databases store. */
    public static String key(String code, String what, String key) {
        requireLength(code, what, given(what, key), MAX_NAME);
        if (key.indexOf('\0') >= 0) {
            throw new CloacinaException(
                    code, what + " has the character \\u0000, which no database stores: " + Names.quoted(key));
        }
        unicode(code, what, key);
        return key;
    }

    /** Checks that a text is valid Unicode: no unpaired surrogates. */
    public static String unicode(String code, String what, String text) {
        OptionalInt half = Names.unpairedSurrogate(given(what, text));
        if (half.isPresent()) {
            throw new CloacinaException(
                    code, what + " has half of a surrogate pair at " + half.getAsInt() + ": " + Names.quoted(text));
        }
        return text;
    }

    /**
     * Checks that a number is in a range, both ends included.
     *
     * @param what begins the sentence that names it, such as {@code the priority is}
     */
    public static int number(String code, String what, int given, int least, int most) {
        if (given < least || given > most) {
            throw new CloacinaException(code, what + " from " + least + " to " + most + ", not " + given);
        }
        return given;
    }

    /** Checks that a duration is at least {@code least} and at most {@link #LONGEST}. */
    public static Duration duration(String code, String what, Duration given, Duration least) {
        if (atLeast(code, what, given, least).compareTo(LONGEST) > 0) {
            throw new CloacinaException(
                    code, what + " must be at most " + LONGEST.toDays() + " days, but is " + span(given));
        }
        return given;
    }

    /**
     * Checks that a duration is at least {@code least}; one longer than {@link #LONGEST} is returned as
     * {@link #LONGEST}, which means forever.
     */
    public static Duration atLeast(String code, String what, Duration given, Duration least) {
        if (given(what, given).compareTo(least) < 0) {
            String bound = least.isZero()
                    ? " must not be negative"
                    : least.equals(Duration.ofNanos(1))
                            ? " must be more than zero"
                            : " must be at least " + span(least);
            throw new CloacinaException(code, what + bound + ", but is " + span(given));
        }
        return given;
    }

    /** A duration as a message shows it, exactly: {@code 200 ms}, {@code 1 h 30 min}. */
    public static String span(Duration of) {
        return SpanText.of(of);
    }

    /**
     * Checks that a duration is more than zero; one longer than {@link #LONGEST} is returned as {@link #LONGEST}, which
     * means forever.
     */
    public static Duration positive(String what, Duration given) {
        return atLeast(INVALID, what, given, Duration.ofNanos(1));
    }

    /**
     * Returns the nearest duration from zero to {@link #LONGEST}, which can be expressed in nanoseconds and added to
     * any current instant.
     */
    public static Duration bounded(Duration given) {
        return given.isNegative() ? Duration.ZERO : given.compareTo(LONGEST) > 0 ? LONGEST : given;
    }

    /** Checks that both databases can store an instant: from {@link #EARLIEST} to {@link #LATEST}. */
    public static Instant instant(String code, String what, Instant given) {
        if (given(what, given).isBefore(EARLIEST) || given.isAfter(LATEST)) {
            throw new CloacinaException(
                    code, what + " must be from " + EARLIEST + " to " + LATEST + ", but is " + given);
        }
        return given;
    }

    /**
     * A text of the application as a message shows it: in quotes, cut where it is long, with invisible characters
     * escaped.
     */
    public static String shown(@Nullable String text) {
        return text == null ? "null" : Names.quoted(text);
    }

    /**
     * The name of a file, or an error of the system, as a message shows it: its beginning and its end, if it is long.
     */
    public static String shortened(Object of) {
        return Names.shortened(of.toString());
    }

    /**
     * The candidate that was probably meant: the first of those with the fewest typing errors, of which there may be
     * one for every three characters, and three in all. Upper and lower case differ.
     */
    public static Optional<String> nearest(String given, Collection<String> candidates) {
        return Names.nearest(given, candidates);
    }

    /**
     * Returns a suggestion such as {@code ". Did you mean 'order'?"}, or an empty text if no candidate is similar
     * enough.
     */
    public static String meant(String given, Collection<String> candidates) {
        return nearest(given, candidates)
                .map(near -> ". Did you mean " + Names.quoted(near) + "?")
                .orElse("");
    }

    /** The error for an argument that is wrong for a reason which no other check covers. */
    public static CloacinaException invalid(String message) {
        return new CloacinaException(INVALID, message);
    }

    private static void requireLength(String code, String what, String text, int maxLength) {
        if (text.isBlank() || text.length() > maxLength) {
            throw new CloacinaException(
                    code,
                    what + " must not be blank and must have at most " + maxLength + " characters, but "
                            + Names.quoted(text) + " has " + text.length());
        }
    }
}
