package io.cloacina.server.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Limits how many attempts each caller may make within a minute. Thread safe. */
public final class Attempts {
    private static final int CALLERS = 10_000;
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Map<String, Deque<Long>> byCaller = new LinkedHashMap<>();
    private final int most;
    private final LongSupplier nanos;

    /** Allows {@code most} attempts a minute, by a monotonic clock. */
    public Attempts(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /** Counts an attempt; whether it is allowed. */
    public synchronized boolean isAllowed(String caller) {
        long now = nanos.getAsLong();
        if (!byCaller.containsKey(caller) && byCaller.size() >= CALLERS) {
            byCaller.remove(byCaller.keySet().iterator().next());
        }
        Deque<Long> times = byCaller.computeIfAbsent(caller, any -> new ArrayDeque<>());
        while (!times.isEmpty() && now - times.getFirst() >= MINUTE_NANOS) {
            times.removeFirst();
        }
        if (times.size() >= most) {
            return false;
        }
        times.addLast(now);
        return true;
    }
}
