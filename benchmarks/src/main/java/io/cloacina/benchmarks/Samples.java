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
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double minimum() {
        return sorted[0];
    }

    double maximum() {
        return sorted[sorted.length - 1];
    }
}
