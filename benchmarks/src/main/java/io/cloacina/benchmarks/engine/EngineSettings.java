package io.cloacina.benchmarks.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much is measured.
 *
 * @param slots of the engine
 * @param rounds pairs of slices for each shape
 * @param sliceMillis how long a slice of the engine is, about
 * @param warmupMillis how long a shape runs before it is measured
 * @param latencySeconds at low load
 * @param idleSeconds without any load
 * @param finished executions in the tables when growth is measured
 * @param waiting executions in the tables when growth is measured
 */
record EngineSettings(
        int slots,
        int rounds,
        int sliceMillis,
        int warmupMillis,
        int latencySeconds,
        int idleSeconds,
        int finished,
        int waiting) {
    static EngineSettings full(int slots) {
        return new EngineSettings(slots, 9, 1_500, 8_000, 30, 30, 1_000_000, 100_000);
    }

    static EngineSettings quick(int slots) {
        return new EngineSettings(slots, 3, 600, 3_000, 6, 10, 100_000, 10_000);
    }

    Map<String, Integer> asMap() {
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("slots", slots);
        map.put("rounds", rounds);
        map.put("slice_ms", sliceMillis);
        map.put("warmup_ms", warmupMillis);
        map.put("latency_s", latencySeconds);
        map.put("idle_s", idleSeconds);
        map.put("growth_finished", finished);
        map.put("growth_waiting", waiting);
        return map;
    }
}
