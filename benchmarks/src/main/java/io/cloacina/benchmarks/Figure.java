package io.cloacina.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * One measured number, as machines read it.
 *
 * @param name {@code BACKEND.FIGURE}
 * @param unit {@code ns}, {@code ms} or {@code B}
 * @param floor the same, done by hand with JDBC, if it was measured
 * @param ratio the median of the ratios to the floor; not that of the two medians
 * @param target what the value (of allocated bytes: what it is more than the floor; of ns: the ratio) should not exceed
 */
record Figure(
        String name,
        double value,
        String unit,
        @Nullable Double floor,
        @Nullable Double ratio,
        @Nullable Double target) {}
