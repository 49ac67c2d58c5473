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
 * Decides which other runners are dead: the operating system reports the process as gone, or this process has itself
 * observed for a whole lease that it is not renewed. No clock that can be set plays a part, neither of a host nor of
 * the database: a clock that jumps forward makes no lease expire. When in doubt, a runner is alive. Thread safe.
 */
public final class Liveness {
    /** One look adds at most a third of the lease to a silence: a live runner sends three heartbeats in a lease. */
    private static final int LOOKS = 3;

    private final Processes processes;
    private final BooleanSupplier isRenewing;
    private final LongSupplier nanos;
    private Map<UniversalUuid, Silence> silences = Map.of();
    private long lookedAt;

    /**
     * @param isRenewing whether this process was lately able to renew its own lease
     * @param nanos as {@link System#nanoTime}
     */
    public Liveness(Processes processes, BooleanSupplier isRenewing, LongSupplier nanos) {
        this.processes = processes;
        this.isRenewing = isRenewing;
        this.nanos = nanos;
    }

    /** How long no heartbeat of a runner has been observed since the one with that number. */
    private record Silence(long heartbeats, long nanos) {}

    /**
     * Observes all other runners, as they are now. The time between two looks counts, but at most a fraction of the
     * lease: this process may have been stopped in between, and the others with it, when a machine was suspended.
     * Nothing counts while this process cannot renew its own lease, because the cause may affect the others as well.
     */
    public synchronized void look(List<RunnerStore.Known> others) {
        long now = nanos.getAsLong();
        long passed = isRenewing.getAsBoolean() ? now - lookedAt : 0;
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

    /** Whether the runner is dead, as of the last look. */
    public synchronized boolean isDead(RunnerStore.Known other) {
        return left(other).isZero() || isGone(other);
    }

    /** Whether the operating system reports the process of the runner as gone. */
    public boolean isGone(RunnerStore.Known other) {
        return processes.isGone(other.process());
    }

    /** For how much longer the runner must send no heartbeat to be dead; zero if it is dead. */
    public synchronized Duration left(RunnerStore.Known other) {
        Silence seen = silences.get(other.id());
        long silent = seen == null || seen.heartbeats != other.heartbeats() ? 0 : seen.nanos;
        return Duration.ofNanos(Math.max(0, nanos(other.lease()) - silent));
    }

    /** The lease of a runner that was condemned, but not removed yet, is negative, and counts as zero. */
    private static long nanos(Duration lease) {
        return lease.isNegative() ? 0 : Deadline.bounded(lease).toNanos();
    }
}
