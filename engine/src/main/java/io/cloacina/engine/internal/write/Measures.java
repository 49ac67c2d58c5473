package io.cloacina.engine.internal.write;

import io.cloacina.engine.model.EngineMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What is measured of a transaction, for the application's metrics. Used by the thread of the transaction. */
final class Measures {
    // Each is 0 if it was not measured.
    private long commitNanos;
    private long claimNanos;
    private int writes;
    private List<Duration> late = List.of();

    /** How long the whole transaction took, and how many writes it contained. */
    void took(long nanos, int contained) {
        commitNanos = nanos;
        writes = contained;
    }

    /** How long the transaction took to claim tasks. */
    void claimTook(long nanos) {
        claimNanos = nanos;
    }

    /** An execution was submitted now that was due by its schedule then. */
    void submitted(Instant due, Instant now) {
        if (late.isEmpty()) {
            late = new ArrayList<>();
        }
        late.add(now.isBefore(due) ? Duration.ZERO : Duration.between(due, now));
    }

    /** {@code claimed}: how many tasks the transaction claimed. */
    void report(EngineMetrics metrics, int claimed) {
        if (commitNanos > 0) {
            metrics.committed(commitNanos, writes);
        }
        if (claimNanos > 0) {
            metrics.claimed(claimNanos, claimed);
        }
        late.forEach(metrics::scheduled);
    }
}
