package io.cloacina.micrometer;

import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineMetrics;

/** Each method throws. */
final class Failing implements EngineMetrics {
    @Override
    public void started(Readings readings) {
        throw new IllegalStateException("started");
    }

    @Override
    public void stopped() {
        throw new IllegalStateException("stopped");
    }

    @Override
    public void event(EngineEvent event) {
        throw new IllegalStateException("event");
    }

    @Override
    public void committed(long nanos, int writes) {
        throw new IllegalStateException("committed");
    }
}
