package io.cloacina.benchmarks;

import java.util.Arrays;

/** Measured values of one figure; there is at least one. Immutable. */
public final class Samples {
    private final double[] sorted;

    /** Of these values, in any order. */
    public Samples(double... values) {
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** The middle value, or the mean of the two. */
    public double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** That value which a share of all does not exceed, from 0 to 1. */
    public double quantile(double share) {
        return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
    }

    /** The least. */
    public double minimum() {
        return sorted[0];
    }

    /** The greatest. */
    public double maximum() {
        return sorted[sorted.length - 1];
    }
}
