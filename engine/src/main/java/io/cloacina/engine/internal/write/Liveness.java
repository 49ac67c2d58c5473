package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.Processes;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Which other runners are dead, as far as this process can tell: the operating system says that the process is gone, or this
 * process has itself seen for the whole of a lease that it is not renewed. No clock plays a part that can be set, neither of a
 * host nor of the database: a clock that is put on makes no lease look over. When in doubt a runner is alive. Thread safe.
 */
public final class Liveness {
    /** What one look may add to a silence, as a part of the lease: a live runner renews it three times in that time. */
    private static final int LOOKS = 3;

    private final Processes processes;
    private final BooleanSupplier isHeard;
    private final LongSupplier nanos;
    private Map<UniversalUuid, Silence> silences = Map.of();
    private long lookedAt;

    /**
     * @param isHeard whether this process has lately been able to renew its own lease
     * @param nanos as {@link System#nanoTime}
     */
    public Liveness(Processes processes, BooleanSupplier isHeard, LongSupplier nanos) {
        this.processes = processes;
        this.isHeard = isHeard;
        this.nanos = nanos;
    }

    /** For how long a runner has been seen not to renew its lease, which it had renewed so many times. */
    private record Silence(long heartbeats, long nanos) {}

    /**
     * Takes note of all other runners, as they are now. What counts is the time between two looks, but never more than a part of
     * the lease: this process may itself have been stopped meanwhile, and the others with it (a machine that was suspended).
     * And nothing counts while this process cannot renew its own lease: what keeps it from that keeps others as well.
     */
    public synchronized void look(List<RunnerStore.Known> others) {
        long now = nanos.getAsLong();
        long passed = isHeard.getAsBoolean() ? now - lookedAt : 0;
        lookedAt = now;
        Map<UniversalUuid, Silence> seen = new HashMap<>();
        for (RunnerStore.Known other : others) {
            Silence before = silences.get(other.id());
            long more = Math.min(passed, nanos(other.lease()) / LOOKS + 1);
            long silent = before == null || before.heartbeats != other.heartbeats() ? 0 : before.nanos + more;
            seen.put(other.id(), new Silence(other.heartbeats(), silent));
        }
        silences = seen;
    }

    /** Whether the runner is dead, as it was at the last look. */
    public synchronized boolean isDead(RunnerStore.Known other) {
        return left(other).isZero() || isGone(other);
    }

    /** Whether the process of the runner is known to be gone: the operating system is asked, and nobody else. */
    public boolean isGone(RunnerStore.Known other) {
        return processes.isGone(other.process());
    }

    /** How long the runner must be silent still to be dead; zero if it has been for long enough. */
    public synchronized Duration left(RunnerStore.Known other) {
        Silence seen = silences.get(other.id());
        long silent = seen == null || seen.heartbeats != other.heartbeats() ? 0 : seen.nanos;
        return Duration.ofNanos(Math.max(0, nanos(other.lease()) - silent));
    }

    /** A lease of no length is that of a runner that was condemned, and is not removed yet. */
    private static long nanos(Duration lease) {
        return lease.isNegative() ? 0 : Deadline.bounded(lease).toNanos();
    }
}
