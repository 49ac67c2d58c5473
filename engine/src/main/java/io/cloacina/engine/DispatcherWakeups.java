package io.cloacina.engine;

import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.run.Dispatcher;
import io.cloacina.schema.type.UniversalTimestamp;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connects the dispatcher with maintenance, which need each other. Thread safe. */
final class DispatcherWakeups implements Dispatcher.Wakeups {
    private final EngineRuntime runtime;
    private final AtomicBoolean isPaused = new AtomicBoolean();
    private final ClaimPauses pauses = new ClaimPauses();

    DispatcherWakeups(EngineRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public void wakeAt(UniversalTimestamp due) {
        runtime.maintenance().wakeAt(due);
    }

    @Override
    public void lookAgain(Workflow workflow, UniversalTimestamp at) {
        runtime.maintenance().lookAgain(workflow, at);
    }

    @Override
    public boolean pauseClaims(boolean hasBegun) {
        if (!isPaused.compareAndSet(false, true)) {
            return false;
        }
        runtime.lanes().claim(false);
        // An executor that runs bodies is only busy, and takes another one as soon as one of them ends.
        boolean isTaking =
                hasBegun || runtime.dispatcher().underWay().stream().anyMatch(attempt -> attempt.body() != null);
        synchronized (pauses) {
            runtime.parts().timer().after(pauses.next(isTaking), this::claimAgain);
            return pauses.isToWarn(System.nanoTime());
        }
    }

    private void claimAgain() {
        isPaused.set(false);
        runtime.lanes().claim(true);
        if (runtime.isClosing()) {
            runtime.lanes().claim(false);
        } else {
            runtime.dispatcher().claimIfPossible();
        }
    }
}
