package io.cloacina.benchmarks;

/**
 * Layer and floor in one operation: nanoseconds and allocated bytes of one operation, and the ratio of each pair of slices
 * that ran one after the other.
 */
record Comparison(
        Operation operation,
        Samples floorNanos,
        Samples layerNanos,
        Samples ratios,
        Samples floorBytes,
        Samples layerBytes) {
    /** The quickest slice of each: what is left when nothing else disturbs. */
    double ratioOfMinima() {
        return layerNanos.minimum() / floorNanos.minimum();
    }

    double moreBytes() {
        return layerBytes.median() - floorBytes.median();
    }
}
