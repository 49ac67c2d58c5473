package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.host.Backoff;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries a transaction, more and more slowly, while the database is busy or unreachable. This ends only when the
 * engine is closing: then a few more tries are made. Transactions that are lost each time although the database is
 * reachable are counted by the caller.
 */
public final class TransientRetry {
    private static final Logger LOG = LoggerFactory.getLogger(TransientRetry.class);
    private static final long FIRST_MILLIS = 20;
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(FIRST_MILLIS), Duration.ofSeconds(2));
    private static final int FEW_TRIES = 4;

    private final CountDownLatch closing;

    public TransientRetry(CountDownLatch closing) {
        this.closing = closing;
    }

    /** Whether the engine is closing, so that waits are short. */
    public boolean isOver() {
        return closing.getCount() == 0;
    }

    public <R> R keepTrying(String doing, Supplier<R> transaction) {
        return keepTrying(doing, transaction, this::isOver);
    }

    /** The same for the start of an engine: it fails after a few tries, but not at the first conflict with others. */
    public <R> R tryAFewTimes(String doing, Supplier<R> transaction) {
        return keepTrying(doing, transaction, () -> true);
    }

    private <R> R keepTrying(String doing, Supplier<R> transaction, BooleanSupplier isCounted) {
        int failures = 0;
        int tries = 0;
        while (true) {
            try {
                return transaction.get();
            } catch (DatabaseException e) {
                if (!e.kind().isRetryable() || (isCounted.getAsBoolean() && ++tries > mostTries(e))) {
                    throw e;
                }
                LOG.warn("{}: {}; trying again", doing, e.getMessage());
                waitAfter(++failures);
            }
        }
    }

    /** A broken connection is replaced at the second try; an unreachable database takes long to report it each time. */
    private static int mostTries(DatabaseException e) {
        return e.kind() == ErrorKind.CONNECTION ? 1 : FEW_TRIES;
    }

    /** How long to wait after that many failures in a row. */
    long millisAfter(int failures) {
        if (failures == 0) {
            return 0;
        }
        return isOver() ? FIRST_MILLIS : PAUSES.after(failures).toMillis();
    }

    /**
     * Waits after that many failures in a row, not long while the engine is closing. An interrupt is meant for the body
     * of a task, not for its commit: it is kept for later.
     */
    public void waitAfter(int failures) {
        boolean interrupted = false;
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisAfter(failures));
        try {
            while (System.nanoTime() - until < 0) {
                try {
                    if (isOver()) {
                        TimeUnit.MILLISECONDS.sleep(FIRST_MILLIS);
                        return;
                    }
                    closing.await(until - System.nanoTime(), TimeUnit.NANOSECONDS);
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
