package io.cloacina.engine;

import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.write.LiveRunners;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.engine.model.Status;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.Optional;

/** The values that metrics read from a running engine. Thread safe. */
final class Gauges implements EngineMetrics.Readings {
    private final EngineRuntime runtime;
    private final SharedParts parts;
    private final Submissions submissions;

    Gauges(EngineRuntime runtime, Submissions submissions) {
        this.runtime = runtime;
        this.parts = runtime.parts();
        this.submissions = submissions;
    }

    @Override
    public int slots() {
        return runtime.mode().runsTasks() ? parts.slots().all() : 0;
    }

    @Override
    public int slotsUsed() {
        return parts.slots().all() - parts.slots().free();
    }

    @Override
    public int submissionsWaiting() {
        return submissions.waiting();
    }

    @Override
    public Duration leaseAge() {
        return runtime.mode().runsTasks() ? parts.lease().age() : Duration.ZERO;
    }

    @Override
    public Optional<Status> status() {
        return isTeller() ? Optional.of(new Diagnosis(runtime).status()) : Optional.empty();
    }

    /**
     * Whether this engine reports the status: the oldest live runner that is measured does, or, if there is none, each
     * client that is measured.
     */
    private boolean isTeller() {
        Optional<UniversalUuid> oldest = LiveRunners.read(parts.database()).alive().stream()
                .filter(RunnerStore.Stored::isMeasured)
                .findFirst()
                .map(RunnerStore.Stored::id);
        return runtime.mode().runsTasks()
                ? oldest.equals(Optional.of(parts.lease().runner()))
                : oldest.isEmpty();
    }
}
