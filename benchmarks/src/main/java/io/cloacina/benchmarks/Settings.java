package io.cloacina.benchmarks;

/**
 * How much is measured.
 *
 * @param rounds pairs of slices for each operation
 * @param sliceMillis how long a slice of an operation is, about
 * @param warmupMillis how long an operation runs before it is measured
 * @param children fresh JVMs for each figure of a cold start
 * @param migrations databases for each figure of a warm migration
 */
record Settings(int rounds, int sliceMillis, int warmupMillis, int children, int migrations) {
    static final Settings FULL = new Settings(400, 10, 5_000, 15, 60);
    static final Settings QUICK = new Settings(60, 5, 1_500, 3, 20);
}
