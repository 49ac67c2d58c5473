package io.cloacina.engine.internal.run;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.host.FailurePauses;
import io.cloacina.engine.internal.store.ScheduleStore;
import io.cloacina.engine.internal.write.DueSchedules;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.internal.write.Unwritable;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires due schedules, many in a transaction. When one fails, schedules are fired one by one until no more can be. So a
 * schedule whose executions cannot be stored does not delay the others; it stays due and is retried every minute. Used
 * by maintenance only.
 */
final class ScheduleRounds {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleRounds.class);
    private static final Duration TRIED_AGAIN = Duration.ofMinutes(1);

    /** How long to wait for another look while schedules that failed are not tried. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Database database;
    private final WriteLanes lanes;
    private final DueSchedules schedules;
    private final Lease lease;
    private final Clock clock;
    private final boolean isManual;
    private final FailurePauses<UniversalUuid> failing = FailurePauses.by(System::nanoTime);
    private boolean oneByOne;

    ScheduleRounds(SharedParts parts, WriteLanes lanes, Steps steps, boolean isManual) {
        this.database = parts.database();
        this.lanes = lanes;
        this.schedules = steps.dueSchedules();
        this.lease = parts.lease();
        this.clock = parts.settings().clock();
        this.isManual = isManual;
    }

    /** When the next schedule is due; this may be in the past. */
    Optional<UniversalTimestamp> next() {
        return schedules.next(database);
    }

    /** Fires the schedules that are due. Returns when the next one is due. */
    Optional<UniversalTimestamp> fireAll() {
        UniversalTimestamp next = next().orElse(null);
        while (next != null && next.compareTo(UniversalTimestamp.now(clock)) <= 0) {
            failing.forgetOver();
            DueSchedules.Taking taking = new DueSchedules.Taking(oneByOne ? 1 : DueSchedules.BATCH, failing);
            DueSchedules.Round round;
            try {
                round = lanes.callUnlessLocked(lease.runner(), work -> schedules.fire(work, taking));
            } catch (RuntimeException e) { // one schedule cannot be fired, whatever the reason
                afterFailure(taking.last(), e);
                continue;
            }
            oneByOne = oneByOne && round.taken() > 0;
            next = round.next().orElse(null);
            if (round.taken() == 0 && next != null) {
                // Another process holds the due schedules and may die before it has fired them, or they cannot be fired
                // now.
                return Optional.of(DueWork.later(clock, next, failing.size() > 0 ? LOOK : DueWork.OTHERS_ACT));
            }
        }
        return Optional.ofNullable(next);
    }

    /** Prepares the next round so that it may succeed; throws the error if the failure does not lie in one schedule. */
    private void afterFailure(ScheduleStore.@Nullable Stored last, RuntimeException error) {
        if (isManual || last == null || Unwritable.isOfEngine(error)) {
            throw error;
        }
        if (oneByOne) {
            failing.failed(last.id(), TRIED_AGAIN);
            LOG.error(
                    "schedule '{}' cannot be fired and will be retried in a minute; others are not affected: {}",
                    last.name(),
                    error.toString(),
                    error instanceof CloacinaException ? null : error); // of an interceptor: where it was thrown
        }
        oneByOne = true;
    }
}
