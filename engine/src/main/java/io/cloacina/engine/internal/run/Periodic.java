package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.schema.database.DatabaseException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that is done again and again, whatever becomes of one time. */
final class Periodic {
    private static final Logger LOG = LoggerFactory.getLogger(Periodic.class);

    private Periodic() {}

    /** Whether it could be done. */
    static boolean attempt(Runnable work) {
        try {
            work.run();
            return true;
        } catch (DatabaseException e) {
            LOG.warn("maintenance failed and will be retried: {}", e.getMessage());
        } catch (Throwable e) { // the edge of a thread: it must be tried again
            LOG.error("maintenance failed unexpectedly and will be retried", e);
        }
        return false;
    }

    /** A tenth less at most, so that processes that began together do not stay together. */
    static Duration jittered(Duration interval) {
        long nanos = Deadline.bounded(interval).toNanos();
        return Duration.ofNanos(nanos - ThreadLocalRandom.current().nextLong(1 + nanos / 10));
    }
}
