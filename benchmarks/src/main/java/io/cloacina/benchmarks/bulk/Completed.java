package io.cloacina.benchmarks.bulk;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineListener;
import java.util.concurrent.atomic.AtomicLong;

/** Counts executions that completed. */
final class Completed implements EngineListener {
    private final AtomicLong number = new AtomicLong();

    @Override
    public void on(EngineEvent event) {
        if (event instanceof EngineEvent.ExecutionEnded ended && ended.status() == ExecutionStatus.COMPLETED) {
            number.incrementAndGet();
        }
    }

    long number() {
        return number.get();
    }
}
