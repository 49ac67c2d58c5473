package io.cloacina.engine.internal.host;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The moment until which something is waited for. An interrupt does not end the waiting: it is kept for whoever asks for it.
 *
 * @param nanos of {@link System#nanoTime}
 */
public record Deadline(long nanos) {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Nobody sees it. */
    public static final Deadline NEVER = in(LONGEST);

    public static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + bounded(time).toNanos());
    }

    /** A duration whose nanoseconds are a number; a longer one means forever anyway. */
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

    /** Zero when it is over. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    public boolean isOver() {
        return nanos - System.nanoTime() <= 0;
    }

    /** Something that is waited for, for a while. */
    public interface Awaited {
        /** Whether it has come, within that many nanoseconds. */
        boolean within(long nanos) throws InterruptedException;
    }

    /** Waits for it; false if it has not come then. */
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

    /** Waits for the end of a thread; false if it is alive then. */
    public boolean awaitEnd(Thread thread) {
        return await(nanosLeft -> {
            // A join of no milliseconds would be one without an end.
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft)));
            return !thread.isAlive();
        });
    }

    /** Waits for something that tells nobody when it comes; false if it has not come then. */
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
