package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.store.AuditStore;
import io.cloacina.engine.internal.store.BulkStore;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.write.Removal;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes executions that ended long ago, with all their rows, in small batches; at the end of a walk also definitions, audit
 * entries and bulk operations that are no longer needed. A walk begins at the oldest execution and stops at the first that is
 * young enough; unfinished and recently ended ones are passed over. Used by one thread.
 */
public final class Retention {
    static final int BATCH = 100;

    /** After the clock has jumped, nothing is removed for this time, in which the clock may be corrected. */
    public static final Duration SETTLED_AFTER = Duration.ofHours(1);

    private static final Duration FIRST_AFTER = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Duration BREATH = Duration.ofMillis(50);
    private static final Duration LEAP = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final Database database;
    private final WriteLanes lanes;
    private final Clock clock;
    private final Supplier<Duration> elapsed;
    private final Duration keep;
    private final OldDefinitions definitions;
    private Instant lastTime;
    private Duration lastElapsed;
    private Duration believedFrom;
    private UniversalUuid walkedTo = UniversalUuid.NIL;
    private long removedInWalk;

    /** {@code elapsed}: monotonic time. */
    public Retention(Database database, WriteLanes lanes, Clock clock, Supplier<Duration> elapsed, Duration keep) {
        this.database = database;
        this.lanes = lanes;
        this.clock = clock;
        this.elapsed = elapsed;
        this.keep = keep;
        this.definitions = new OldDefinitions(database, lanes, keep);
        this.lastTime = clock.instant();
        this.lastElapsed = elapsed.get();
        this.believedFrom = lastElapsed;
    }

    /** Starts removing periodically. */
    void startOn(Timer timer) {
        timer.maintenanceAfter(FIRST_AFTER, () -> removeOn(timer));
    }

    private void removeOn(Timer timer) {
        boolean isMore = Periodic.attemptPart(this::removeSome) == Periodic.Part.MORE;
        timer.maintenanceAfter(isMore ? BREATH : Periodic.jittered(PAUSE), () -> removeOn(timer));
    }

    /** Continues to the end of a walk. */
    void removeAll() {
        while (removeSome()) {
            LOG.debug("removing old executions continues");
        }
    }

    /** Processes one batch; false when the walk has ended, and the next one begins at the oldest execution again. */
    public boolean removeSome() {
        Instant now = clock.instant();
        if (!isBelieved(now)) {
            return false;
        }
        UniversalTimestamp bound = UniversalTimestamp.of(now).saturatedPlus(keep.negated());
        List<HistoryStore.Aged> oldest = database.list(HistoryStore.OLDEST, new HistoryStore.After(walkedTo, BATCH));
        List<UniversalUuid> old = new ArrayList<>();
        boolean isOver = oldest.size() < BATCH;
        for (HistoryStore.Aged each : oldest) {
            if (each.createdAt().compareTo(bound) >= 0) {
                isOver = true;
                break;
            }
            walkedTo = each.id();
            if (each.completedAt() != null && each.completedAt().compareTo(bound) < 0) {
                old.add(each.id());
            }
        }
        if (!old.isEmpty()) {
            removedInWalk += remove(old);
        }
        if (isOver) {
            walkedTo = UniversalUuid.NIL;
            lanes.callUnlessLocked(UniversalUuid.v7(), work -> {
                work.run(AuditStore.REMOVE_OLD, bound);
                return work.run(BulkStore.REMOVE_OLD, bound);
            });
            definitions.removeUnneeded(UniversalTimestamp.of(now));
            if (removedInWalk > 0) {
                LOG.info("{} executions that ended before {} were removed", removedInWalk, bound);
                removedInWalk = 0;
            }
        }
        return !isOver;
    }

    /** Removed rows cannot be restored, so the time of a clock that has just jumped is not used. */
    private boolean isBelieved(Instant now) {
        Duration passed = elapsed.get();
        Duration leap = Duration.between(lastTime, now).minus(passed.minus(lastElapsed));
        if (leap.abs().compareTo(LEAP) > 0) {
            LOG.warn(
                    "the clock was set from about {} to {}, or the machine slept: nothing old is removed for {}",
                    now.minus(leap),
                    now,
                    SETTLED_AFTER);
            believedFrom = passed.plus(SETTLED_AFTER);
        }
        lastTime = now;
        lastElapsed = passed;
        return passed.compareTo(believedFrom) >= 0;
    }

    private int remove(List<UniversalUuid> old) {
        return lanes.callUnlessLocked(UniversalUuid.v7(), work -> Removal.remove(work.transaction(), old));
    }
}
