package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.schema.database.DatabaseException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that is repeated, whether or not it failed before. */
final class Periodic {
    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

    private Periodic() {}

    /** What came of a part of some work. */
    enum Part {
        /** It was the last one. */
        LAST,
        /** Others follow. */
        MORE,
        FAILED
    }

    /** Whether the work succeeded. */
    static boolean attempt(Runnable work) {
        return attemptPart(() -> {
                    work.run();
                    return false;
                })
                != Part.FAILED;
    }

    /** Does a part of some work, which returns whether there is more. */
    static Part attemptPart(BooleanSupplier work) {
        try {
            return work.getAsBoolean() ? Part.MORE : Part.LAST;
        } catch (DatabaseException e) {
            LOG.warn("maintenance failed and will be retried: {}", e.getMessage());
        } catch (Throwable e) { // the edge of a thread: the work must be retried
            LOG.error("maintenance failed unexpectedly and will be retried", e);
        }
        return Part.FAILED;
    }

    /** Repeats the work by the timer, the first time after an interval. */
    static void repeat(Timer timer, Duration interval, Runnable work) {
        timer.maintenanceAfter(jittered(interval), () -> {
            attempt(work);
            repeat(timer, interval, work);
        });
    }

    /** The interval, shortened by up to a tenth, so that processes that started together do not stay in step. */
    static Duration jittered(Duration interval) {
        long nanos = Deadline.bounded(interval).toNanos();
        return Duration.ofNanos(nanos - ThreadLocalRandom.current().nextLong(1 + nanos / 10));
    }
}
