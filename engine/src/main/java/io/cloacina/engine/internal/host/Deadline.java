package io.cloacina.engine.internal.host;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A moment until which a thread waits. An interrupt does not end the waiting; the thread is interrupted again afterwards.
 *
 * @param nanos as of {@link System#nanoTime}
 */
public record Deadline(long nanos) {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** A deadline that never comes: it is 100 years ahead. */
    public static final Deadline NEVER = in(LONGEST);

    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + bounded(time).toNanos());
    }

    /** A duration that can be expressed in nanoseconds; a longer one is cut to 100 years. */
    public static Duration bounded(Duration given) {
        return given.compareTo(LONGEST) > 0 ? LONGEST : given;
    }

    public Deadline plus(Duration more) {
        return new Deadline(nanos + more.toNanos());
    }

    public Deadline orLater(Deadline other) {
        return nanos - other.nanos >= 0 ? this : other;
    }

    public Deadline orEarlier(Deadline other) {
        return nanos - other.nanos <= 0 ? this : other;
    }

    /** Zero if the deadline has passed. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    public boolean isOver() {
        return nanos - System.nanoTime() <= 0;
    }

    /** A condition that can be waited for with a limit. */
    public interface Awaited {
        /** Whether the condition becomes true within that many nanoseconds. */
        boolean within(long nanos) throws InterruptedException;
    }

    /** Waits for the condition; false if the deadline passed before. */
    public boolean await(Awaited awaited) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return awaited.within(left().toNanos());
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

    /** Waits for the end of a thread; false if it is still alive at the deadline. */
    public boolean awaitEnd(Thread thread) {
        return await(nanosLeft -> {
            // A join with zero milliseconds would wait without a limit.
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft)));
            return !thread.isAlive();
        });
    }

    /** Waits for a condition by checking it repeatedly; false if the deadline passed before. */
    public boolean awaitSeen(BooleanSupplier seen) {
        return await(nanosLeft -> {
            while (!seen.getAsBoolean()) {
                if (isOver()) {
                    return false;
                }
                TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
            }
            return true;
        });
    }
}
