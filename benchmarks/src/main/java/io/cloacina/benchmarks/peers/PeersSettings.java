package io.cloacina.benchmarks.peers;

import io.cloacina.benchmarks.Meter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much is measured.
 *
 * @param durable whether a server whose commits are not is refused; only tests measure on one
 * @param reportedMillis how long a server may take to count what was done; else it is missing in the figures
 * @param rounds fresh JVMs for each library
 * @param backlog jobs that may be under way
 * @param warmupMillis how long work is submitted before it is measured
 * @param windowMillis how long it is then measured
 * @param latencySeconds at low load
 * @param settlingSeconds from the start until an idle library is measured
 * @param idleSeconds without any load
 */
record PeersSettings(
        boolean durable,
        int reportedMillis,
        int rounds,
        int backlog,
        int warmupMillis,
        int windowMillis,
        int latencySeconds,
        int settlingSeconds,
        int idleSeconds) {
    static final PeersSettings FULL =
            new PeersSettings(true, Meter.REPORTED_MILLIS, 5, 2_000, 8_000, 8_000, 20, 12, 20);
    static final PeersSettings QUICK = new PeersSettings(true, Meter.REPORTED_MILLIS, 3, 2_000, 2_000, 2_500, 4, 8, 5);

    Map<String, Integer> asMap() {
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("rounds", rounds);
        map.put("backlog", backlog);
        map.put("warmup_ms", warmupMillis);
        map.put("window_ms", windowMillis);
        map.put("latency_s", latencySeconds);
        map.put("settling_s", settlingSeconds);
        map.put("idle_s", idleSeconds);
        return map;
    }
}
