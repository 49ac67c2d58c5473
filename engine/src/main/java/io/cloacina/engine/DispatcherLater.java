package io.cloacina.engine;

import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.run.Dispatcher;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Connects the dispatcher with maintenance, which need each other. Thread safe. */
final class DispatcherLater implements Dispatcher.Later {
    private static final Duration CLAIM_PAUSE = Duration.ofMillis(250);

    private final EngineRuntime runtime;
    private final AtomicBoolean isPaused = new AtomicBoolean();

    DispatcherLater(EngineRuntime runtime) {
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
    public boolean pauseClaims() {
        if (!isPaused.compareAndSet(false, true)) {
            return false;
        }
        runtime.lanes().claim(false);
        runtime.parts().timer().after(CLAIM_PAUSE, this::claimAgain);
        return true;
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
