package io.cloacina.crash;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is done to how many processes.
 *
 * @param processes that run at once
 * @param duration while they are killed; after it everything has to come to an end
 * @param seed of all random decisions; the schedule of the operating system is not among them
 * @param restartCommand for the shell, which stops and starts the server; null if it is not restarted
 * @param ratePerSecond executions that each process submits, at most
 * @param leaseMillis of the runners
 * @param meanKillMillis mean time between two kills
 * @param stalls whether processes are stopped for longer than their lease, and go on
 * @param drainLimit how long the end may take
 */
record CrashSettings(
        int processes,
        Duration duration,
        long seed,
        @Nullable String restartCommand,
        int ratePerSecond,
        long leaseMillis,
        int meanKillMillis,
        boolean stalls,
        Duration drainLimit) {
    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("processes", processes);
        map.put("seconds", duration.toSeconds());
        map.put("seed", seed);
        map.put("restarts_server", restartCommand != null);
        map.put("submits_per_second_and_process", ratePerSecond);
        map.put("lease_ms", leaseMillis);
        map.put("mean_kill_ms", meanKillMillis);
        return map;
    }
}
