package io.cloacina.server.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Counts attempts to log in, by address: five a minute. */
final class Attempts {
    private static final int MOST = 5;
    private static final int ADDRESSES = 10_000;
    private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final Map<String, Deque<Long>> byAddress = new LinkedHashMap<>();
    private final LongSupplier nanos;

    Attempts(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Counts an attempt; whether it is allowed. */
    synchronized boolean isAllowed(String address) {
        long now = nanos.getAsLong();
        if (!byAddress.containsKey(address) && byAddress.size() >= ADDRESSES) {
            byAddress.remove(byAddress.keySet().iterator().next());
        }
        Deque<Long> times = byAddress.computeIfAbsent(address, any -> new ArrayDeque<>());
        while (!times.isEmpty() && now - times.getFirst() >= MINUTE_NANOS) {
            times.removeFirst();
        }
        if (times.size() >= MOST) {
            return false;
        }
        times.addLast(now);
        return true;
    }
}
