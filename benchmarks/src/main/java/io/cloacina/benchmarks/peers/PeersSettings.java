package io.cloacina.benchmarks.peers;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much is measured.
 *
 * @param rounds fresh JVMs for each library
 * @param warmupMillis how long work is submitted before it is measured
 * @param windowMillis how long it is then measured
 * @param latencySeconds at low load
 * @param settlingSeconds from the start until an idle library is measured
 * @param idleSeconds without any load
 */
record PeersSettings(
        int rounds, int warmupMillis, int windowMillis, int latencySeconds, int settlingSeconds, int idleSeconds) {
    static final PeersSettings FULL = new PeersSettings(5, 8_000, 8_000, 20, 12, 20);
    static final PeersSettings QUICK = new PeersSettings(3, 3_000, 3_000, 6, 8, 5);

    Map<String, Integer> asMap() {
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("rounds", rounds);
        map.put("warmup_ms", warmupMillis);
        map.put("window_ms", windowMillis);
        map.put("latency_s", latencySeconds);
        map.put("settling_s", settlingSeconds);
        map.put("idle_s", idleSeconds);
        return map;
    }
}
