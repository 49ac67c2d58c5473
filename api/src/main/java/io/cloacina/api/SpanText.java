package io.cloacina.api;

import java.time.Duration;

/** Writes durations exactly, as sentences have them. */
final class SpanText {
    private static final int NANOS_OF_MILLI = 1_000_000;

    private SpanText() {}

    /** {@code 200 ms}, {@code 1 s 500 ms}, {@code 1 h 30 min}, {@code 2 d}, {@code 0 s}. */
    static String of(Duration span) {
        if (span.isNegative()) {
            // The negation of the least number of seconds does not exist.
            long seconds = Math.max(span.getSeconds(), -Long.MAX_VALUE);
            return "-" + of(Duration.ofSeconds(seconds, span.getNano()).negated());
        }
        StringBuilder text = new StringBuilder();
        add(text, span.toDaysPart(), "d");
        add(text, span.toHoursPart(), "h");
        add(text, span.toMinutesPart(), "min");
        add(text, span.toSecondsPart(), "s");
        add(text, span.toMillisPart(), "ms");
        add(text, span.toNanosPart() % NANOS_OF_MILLI, "ns");
        return text.isEmpty() ? "0 s" : text.toString();
    }

    private static void add(StringBuilder text, long number, String unit) {
        if (number != 0) {
            text.append(text.isEmpty() ? "" : " ").append(number).append(' ').append(unit);
        }
    }
}
