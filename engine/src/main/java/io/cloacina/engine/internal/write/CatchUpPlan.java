package io.cloacina.engine.internal.write;

import io.cloacina.cron.CronTimes;
import io.cloacina.engine.model.CatchUp;
import io.cloacina.engine.model.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides which of the due times are run, and which count as missed and are dropped: see {@link CatchUp}. */
final class CatchUpPlan {
    private CatchUpPlan() {}

    /** The times to run now, and the next time of the schedule: it is due already if there was no room for more. */
    record Plan(List<Instant> times, Optional<Instant> next) {}

    /**
     * @param due the first time that is due
     * @param room how many times may be run now, at least one
     */
    static Plan plan(Schedule schedule, Instant due, Instant now, int room) {
        CronTimes times = schedule.times();
        Optional<Instant> next = first(schedule.catchUp(), times, due, now);
        List<Instant> run = new ArrayList<>();
        while (next.isPresent() && !next.get().isAfter(now) && run.size() < room) {
            run.add(next.get());
            next = times.next(next.get());
        }
        return new Plan(run, next);
    }

    /** The first time to run; it may be in the future. */
    private static Optional<Instant> first(CatchUp catchUp, CronTimes times, Instant due, Instant now) {
        Instant late = now.minus(CatchUp.LATE);
        if (!due.isBefore(late)) {
            return Optional.of(due);
        }
        Optional<Instant> fresh = from(times, late);
        Instant oldest = now.minus(catchUp.maxAge());
        return switch (catchUp.policy()) {
            case SKIP -> fresh;
            case RUN_ONCE -> {
                if (fresh.isPresent() && !fresh.get().isAfter(now)) {
                    yield fresh;
                }
                Optional<Instant> last = times.last(due, now).filter(time -> !time.isBefore(oldest));
                yield last.isPresent() ? last : fresh;
            }
            case RUN_ALL -> latest(catchUp.atMost(), times, due.isBefore(oldest) ? oldest : due, late);
        };
    }

    private static Optional<Instant> from(CronTimes times, Instant earliest) {
        return times.next(earliest.minusNanos(1));
    }

    /**
     * The first of the latest {@code atMost} times that are before {@code late}; if there are none, the first time from
     * {@code late} on. Searched by bisection over whole seconds, because times of schedules have no fractions.
     */
    private static Optional<Instant> latest(int atMost, CronTimes times, Instant earliest, Instant late) {
        if (!isMore(atMost, times, earliest, late)) {
            return from(times, earliest);
        }
        long low = earliest.getEpochSecond();
        long high = late.getEpochSecond() + 1;
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (isMore(atMost, times, Instant.ofEpochSecond(middle), late)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return from(times, Instant.ofEpochSecond(high));
    }

    private static boolean isMore(int atMost, CronTimes times, Instant earliest, Instant late) {
        Optional<Instant> next = from(times, earliest);
        int count = 0;
        while (next.isPresent() && next.get().isBefore(late)) {
            if (++count > atMost) {
                return true;
            }
            next = times.next(next.get());
        }
        return false;
    }
}
