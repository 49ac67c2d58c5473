package io.cloacina.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much is measured.
 *
 * @param forks fresh JVMs for each comparison
 * @param rounds pairs of slices for each operation in each fork
 * @param sliceMillis how long a slice of an operation is, about
 * @param warmupMillis how long an operation runs before it is measured
 * @param children fresh JVMs for each figure of a cold start
 * @param migrations databases for each figure of a warm migration
 */
record Settings(int forks, int rounds, int sliceMillis, int warmupMillis, int children, int migrations) {
    static final Settings FULL = new Settings(7, 60, 10, 2_500, 15, 60);
    static final Settings QUICK = new Settings(3, 25, 5, 1_000, 3, 20);

    Map<String, Integer> asMap() {
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("forks", forks);
        map.put("rounds", rounds);
        map.put("sliceMillis", sliceMillis);
        map.put("warmupMillis", warmupMillis);
        map.put("children", children);
        map.put("migrations", migrations);
        return map;
    }
}
