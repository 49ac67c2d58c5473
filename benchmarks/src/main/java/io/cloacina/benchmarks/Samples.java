package io.cloacina.benchmarks;

import java.util.Arrays;

/** Measured values of one figure. */
final class Samples {
    private final double[] sorted;

    Samples(double... values) {
        this.sorted = values.clone();
        Arrays.sort(sorted);
    }

    double median() {
        return quantile(0.5);
    }

    double minimum() {
        return sorted[0];
    }

    /** Between neighbours it is interpolated. */
    double quantile(double part) {
        double position = part * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
