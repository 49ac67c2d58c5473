package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.host.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Work of maintenance that is done once, however often it is asked for before it begins. Thread safe. */
final class DelayedOnce {
    private final Timer timer;
    private final Runnable work;
    private final AtomicBoolean isComing = new AtomicBoolean();

    DelayedOnce(Timer timer, Runnable work) {
        this.timer = timer;
        this.work = work;
    }

    /** Does the work after the delay, unless it is to be done already. */
    void after(Duration delay) {
        if (isComing.compareAndSet(false, true)) {
            timer.maintenanceAfter(delay, () -> {
                isComing.set(false);
                Periodic.attempt(work);
            });
        }
    }
}
