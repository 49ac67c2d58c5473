package io.cloacina.schema.database;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Protects work from interrupts of the calling thread, which drivers and pools take for failures, and by which a
 * virtual thread loses the socket that it reads. The thread is interrupted again afterwards.
 */
final class Interrupts {
    private Interrupts() {}

    /** Does work that an earlier interrupt of this thread must not disturb. */
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

    /** Waits at most that long; continues after an interrupt. */
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

    /** Waits at most that long for the end of the thread; whether it has ended. */
    static boolean join(Thread thread, long nanos) {
        // A join with zero milliseconds would wait without a limit.
        waitFor(nanos, left -> thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left))));
        return !thread.isAlive();
    }
}
