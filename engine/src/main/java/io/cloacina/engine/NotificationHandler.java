package io.cloacina.engine;

import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.packages.PackageWatch;
import io.cloacina.engine.internal.run.Maintenance;
import io.cloacina.engine.internal.write.Notifier;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;

/** Acts upon the notifications of other processes. */
final class NotificationHandler implements Notifier.Handler {
    private static final Duration LOOK_WHEN_BUSY = Duration.ofSeconds(1);

    private final EngineRuntime runtime;
    private final Maintenance maintenance;

    NotificationHandler(EngineRuntime runtime) {
        this.runtime = runtime;
        this.maintenance = runtime.maintenance();
    }

    /** Without a free slot nothing is claimed now, but by the next transaction that frees a slot. */
    @Override
    public void ready(int priority) {
        runtime.parts().claimable().noteUnknown(priority);
        runtime.dispatcher().claimIfPossible();
    }

    @Override
    public void ended(UniversalUuid execution) {
        runtime.parts().waiters().wake(execution);
    }

    /** Tasks that handle the cancellation may run: only attempts that have lost their claims are interrupted. */
    @Override
    public void cancelled(UniversalUuid execution) {
        maintenance.claims().interruptLostSoon();
    }

    @Override
    public void schedules() {
        maintenance.fireSchedulesSoon();
    }

    @Override
    public void packages() {
        PackageWatch packages = runtime.packages();
        if (packages != null) {
            packages.lookSoon();
        }
    }

    @Override
    public void bulkOperations() {
        maintenance.bulk().lookAfter(Duration.ZERO);
    }

    @Override
    public void cameOrLeft() {
        maintenance.lookAtOthersAfter(Maintenance.LOCAL_LOOK);
    }

    @Override
    public void anything() {
        if (runtime.isNotified()) {
            packages();
        }
        if (runtime.parts().notifier().isNews()) {
            runtime.parts().waiters().wakeAll();
            ready(ClaimableWorkflows.SUSPICION);
            maintenance.claims().interruptLostSoon();
            maintenance.fireSchedulesSoon();
            maintenance.bulk().lookAfter(Maintenance.LOCAL_LOOK);
            maintenance.lookAtOthersAfter(LOOK_WHEN_BUSY);
        } else {
            // If this engine is idle and did not cause it, another process has started. For a busy engine this is
            // unknown.
            boolean isIdle = runtime.dispatcher().isIdle();
            maintenance.lookAtOthersAfter(isIdle ? Maintenance.LOCAL_LOOK : LOOK_WHEN_BUSY);
            maintenance.bulk().lookAfter(isIdle ? Maintenance.LOCAL_LOOK : LOOK_WHEN_BUSY);
        }
    }
}
