package io.cloacina.engine;

import io.cloacina.schema.database.DatabaseException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a transaction again, more and more slowly, while the database is busy or away. Ends when the engine is closed. */
final class Patience {
    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final long FIRST_MILLIS = 20;
    private static final long LAST_MILLIS = 2_000;

    private final CountDownLatch closing;

    Patience(CountDownLatch closing) {
        this.closing = closing;
    }

    /** Whether the engine is being closed: nothing is waited for any more. */
    boolean isOver() {
        return closing.getCount() == 0;
    }

    <R> R keepTrying(String doing, Supplier<R> transaction) {
        long millis = FIRST_MILLIS;
        while (true) {
            try {
                return transaction.get();
            } catch (DatabaseException e) {
                if (!e.kind().isRetryable() || isClosedWithin(millis)) {
                    throw e;
                }
                LOG.warn("{}: {}; trying again", doing, e.getMessage());
                millis = Math.min(millis * 2, LAST_MILLIS);
            }
        }
    }

    /** An interrupt is for the body of a task, not for its commit: it is kept for later. */
    private boolean isClosedWithin(long millis) {
        boolean interrupted = false;
        try {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (true) {
                try {
                    return closing.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
