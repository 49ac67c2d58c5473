package io.cloacina.schema.database;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Interrupts of those who call: drivers and pools take one for a failure, and a virtual thread loses the socket that it
 * waits for. What is done here is not disturbed, and the interrupt is kept for whoever asks for it.
 */
final class Interrupts {
    private Interrupts() {}

    /** Work that an earlier interrupt of this thread does not disturb. */
    static <R> R kept(Supplier<R> work) {
        boolean interrupted = Thread.interrupted();
        try {
            return work.get();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A wait that an interrupt would end early. */
    interface Waiting {
        void atMost(long nanos) throws InterruptedException;
    }

    /** Waits for that long, or until the waiting returns; an interrupt begins it again. */
    static void waitFor(long nanos, Waiting waiting) {
        long until = System.nanoTime() + nanos;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    waiting.atMost(Math.max(0, until - System.nanoTime()));
                    return;
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

    static void sleep(long nanos) {
        waitFor(nanos, TimeUnit.NANOSECONDS::sleep);
    }

    /** Whether the thread has ended, at the latest then. */
    static boolean join(Thread thread, long nanos) {
        // A join of no milliseconds would be one without an end.
        waitFor(nanos, left -> thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left))));
        return !thread.isAlive();
    }
}
