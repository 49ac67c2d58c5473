package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.LeaseSweeper;
import io.cloacina.engine.internal.write.Liveness;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The other runners, as of the last look. Looked at by maintenance only; asked by any thread. */
final class OtherRunners {
    private final SharedParts parts;
    private final WriteLanes lanes;
    private final Lease lease;
    private final LeaseSweeper sweeper;
    private final Liveness liveness;
    private volatile List<RunnerStore.Known> all = List.of();

    OtherRunners(SharedParts parts, WriteLanes lanes, LeaseSweeper sweeper) {
        this.parts = parts;
        this.lanes = lanes;
        this.lease = parts.lease();
        this.sweeper = sweeper;
        this.liveness = sweeper.liveness();
    }

    /**
     * What a look has found since the one before it.
     *
     * @param haveChanged whether other runners or other versions of workflows are there
     * @param next how soon the next one may be dead; the heartbeat if none is silent for longer than that
     */
    record News(boolean haveCome, boolean haveLeft, boolean haveChanged, Duration next) {}

    /** Reads the other runners, and recovers from dead ones. */
    News look() {
        Map<UniversalUuid, String> before = workflows(all);
        all = parts.database().list(RunnerStore.OTHERS, lease.runner());
        Map<UniversalUuid, String> now = workflows(all);
        liveness.look(all);
        parts.notifier().hasOthers(!all.isEmpty());
        lanes.share(1 + all.size());
        Duration next = sweep();
        return new News(
                !before.keySet().containsAll(now.keySet()),
                !now.keySet().containsAll(before.keySet()),
                !before.equals(now),
                next);
    }

    private static Map<UniversalUuid, String> workflows(List<RunnerStore.Known> runners) {
        return runners.stream().collect(Collectors.toMap(RunnerStore.Known::id, RunnerStore.Known::workflows));
    }

    /** Recovers from dead runners, from each even if that fails for others. Returns how soon the next one may be dead. */
    private Duration sweep() {
        UniversalUuid own = lease.runner();
        Duration next = lease.heartbeat();
        for (RunnerStore.Known other : all) {
            if (liveness.isDead(other)) {
                Periodic.attempt(() -> lanes.callUnlessLocked(own, work -> sweeper.recoverFrom(work, other)));
            } else if (liveness.left(other).compareTo(next) < 0) {
                next = liveness.left(other);
            }
        }
        return next;
    }

    /** Whether the process of one of them, on this host, has ended. */
    boolean isAnyGone() {
        return all.stream().anyMatch(liveness::isGone);
    }

    /** A dead runner may still be listed, because its recovery was left to a runner that has the workflows of its tasks. */
    List<RunnerStore.Known> living() {
        return all.stream().filter(other -> !liveness.isDead(other)).toList();
    }

    /** Whether this runner is the oldest live one, which does what only one runner needs to do. */
    boolean isThisOldest() {
        return older().findAny().isEmpty();
    }

    /** Whether this runner is the oldest live one that has the workflow. */
    boolean isThisOldestWith(String workflow) {
        return older().allMatch(
                        other -> Workflows.versions(other.workflows(), workflow).isEmpty());
    }

    private Stream<RunnerStore.Known> older() {
        return living().stream().filter(other -> other.id().compareTo(lease.runner()) < 0);
    }
}
