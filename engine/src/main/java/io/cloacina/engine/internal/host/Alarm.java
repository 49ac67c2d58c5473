package io.cloacina.engine.internal.host;

import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Rings once, at the earliest of the times that it was set to. Thread safe. */
public final class Alarm {
    /** The clock may be set and the machine may sleep, so the clock is read at least this often. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Timer timer;
    private final Clock clock;
    private final Runnable work;
    private final AtomicReference<@Nullable UniversalTimestamp> next = new AtomicReference<>();

    /** {@code work}: runs in the maintenance thread of the timer, so it may wait for the database. */
    public Alarm(Timer timer, Clock clock, Runnable work) {
        this.timer = timer;
        this.clock = clock;
        this.work = work;
    }

    /** Rings at that time, unless it rings earlier anyway. */
    public void setTo(UniversalTimestamp due) {
        UniversalTimestamp before =
                next.getAndAccumulate(due, (a, b) -> a == null || (b != null && b.compareTo(a) < 0) ? b : a);
        if (before == null || before.compareTo(due) > 0) {
            waitFor(due);
        }
    }

    private void waitFor(UniversalTimestamp due) {
        Duration left = Duration.between(clock.instant(), due.toInstant());
        if (left.isNegative() || left.isZero()) {
            timer.maintenanceAfter(Duration.ZERO, () -> {
                if (next.compareAndSet(due, null)) {
                    work.run();
                }
            });
        } else {
            timer.after(left.compareTo(LONGEST) > 0 ? LONGEST : left, () -> {
                // Otherwise an earlier time was set, and rings instead.
                UniversalTimestamp now = next.get();
                if (now != null && now.equals(due)) {
                    waitFor(due);
                }
            });
        }
    }
}
