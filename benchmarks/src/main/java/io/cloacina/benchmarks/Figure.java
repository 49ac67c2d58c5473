package io.cloacina.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * One measured number, as machines read it.
 *
 * @param name {@code SHAPE.FIGURE}
 * @param value the number
 * @param unit such as {@code ns}, {@code 1/s} or {@code B}; empty for a plain number
 * @param floor the same, done by hand with JDBC, if it was measured
 * @param ratio the median of the ratios to the floor, or to our own figure where another library is measured; not that of the two
 *     medians
 * @param target what it is held against, as the documentation of the figure says
 */
public record Figure(
        String name,
        double value,
        String unit,
        @Nullable Double floor,
        @Nullable Double ratio,
        @Nullable Double target) {
    /** A figure without a floor. */
    public static Figure of(String name, double value, String unit) {
        return new Figure(name, value, unit, null, null, null);
    }
}
