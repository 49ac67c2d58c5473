package io.cloacina.engine.internal.write;

import io.cloacina.engine.model.EngineEvent;
import io.cloacina.engine.model.EngineMetrics;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what was done to the application's metrics; without any it does nothing and allocates nothing. Thread safe.
 */
public final class Meter {
    private static final Logger LOG = LoggerFactory.getLogger(Meter.class);

    private final List<EngineMetrics> all;
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    /** Reports to these, in their order. */
    public Meter(List<EngineMetrics> all) {
        this.all = List.copyOf(all);
    }

    /** The engine has started. */
    public void started(EngineMetrics.Readings readings) {
        each(metrics -> metrics.started(readings));
    }

    /** The engine is being closed. */
    public void stopped() {
        each(EngineMetrics::stopped);
    }

    /** An event occurred. Listeners are told of it, too. */
    public void event(EngineEvent event) {
        if (!all.isEmpty()) {
            each(metrics -> metrics.event(event));
        }
    }

    /** Reports the measures of a committed transaction. */
    public void committed(CommitEffects effects) {
        if (all.isEmpty()) {
            return;
        }
        each(metrics -> {
            effects.measures().report(metrics, effects.claimed().size());
            for (Outcome outcome : effects.recorded()) {
                String patch = outcome.patch();
                if (patch != null) {
                    metrics.stored(patch.length());
                }
            }
        });
    }

    /** An event is not delivered to a listener. */
    public void dropped(EngineEvent event) {
        if (!all.isEmpty()) {
            each(metrics -> metrics.dropped(event));
        }
    }

    private void each(Consumer<EngineMetrics> telling) {
        for (EngineMetrics metrics : all) {
            try {
                telling.accept(metrics);
            } catch (RuntimeException | LinkageError e) { // the edge of user code: its failure changes nothing
                if (hasFailed.compareAndSet(false, true)) {
                    LOG.warn(
                            "the metrics {} failed; further failures are not logged",
                            metrics.getClass().getName(),
                            e);
                }
            }
        }
    }
}
