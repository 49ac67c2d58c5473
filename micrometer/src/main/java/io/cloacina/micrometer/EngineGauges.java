package io.cloacina.micrometer;

import io.cloacina.engine.model.Count;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.engine.model.Status;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gauges, which are read periodically from registration until this is closed. A thread of its own queries the
 * database.
 */
final class EngineGauges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineGauges.class);
    private static final int PAUSE_SECONDS = 15;

    private final MeterRegistry registry;
    private final Tags tags;
    private final EngineMetrics.Readings readings;
    private final List<Meter> registered = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Null while another process reports it, and while the database does not answer. */
    private volatile @Nullable Status latest;

    EngineGauges(MeterRegistry registry, Tags tags, EngineMetrics.Readings readings) {
        this.registry = registry;
        this.tags = tags;
        this.readings = readings;
        // A client has none, and its zeros would hide that nobody runs tasks.
        if (readings.slots() > 0) {
            ofRunner();
        }
        gauge(
                "cloacina.submissions.waiting",
                "Callers that wait until their submissions are written.",
                "",
                Tags.empty(),
                it -> readings.submissionsWaiting());
        ofDatabase("cloacina.ready.count", "Tasks that are ready, up to 10,000.", "", status -> number(status.ready()));
        ofDatabase(
                "cloacina.ready.oldest.age",
                "For how long the oldest ready task has been ready.",
                "seconds",
                status -> status.oldestReadyAt() == null
                        ? 0
                        : seconds(Duration.between(status.oldestReadyAt(), status.at())));
        ofDatabase(
                "cloacina.executions.stranded",
                "Unfinished executions of versions that no live runner has.",
                "",
                status -> status.stranded().stream()
                        .mapToDouble(each -> number(each.executions()))
                        .sum());
        ofDatabase(
                "cloacina.schedules.late",
                "Schedules that should have fired more than a minute ago.",
                "",
                status -> status.lateSchedules().size());
        ofDatabase(
                "cloacina.problems",
                "Problems that need attention, as 'cloacina status' lists them.",
                "",
                status -> status.problems().size());
        ofDatabase(
                "cloacina.database.dead.rows",
                "PostgreSQL: dead rows, which vacuum will remove.",
                "",
                status -> orNone(status.database().deadRows()));
        ofDatabase(
                "cloacina.database.oldest.transaction",
                "PostgreSQL: for how long the oldest transaction has been open.",
                "seconds",
                status -> status.database().oldestTransaction() == null
                        ? Double.NaN
                        : seconds(status.database().oldestTransaction()));
        Thread asking = new Thread(this::askUntilClosed, "cloacina-metrics");
        asking.setDaemon(true);
        asking.start();
    }

    private void ofRunner() {
        gauge("cloacina.slots", "Tasks that run at once.", "", Tags.of("state", "used"), it -> readings.slotsUsed());
        gauge(
                "cloacina.slots",
                "Tasks that run at once.",
                "",
                Tags.of("state", "free"),
                it -> readings.slots() - readings.slotsUsed());
        gauge(
                "cloacina.lease.age",
                "Since the last renewal of the lease.",
                "seconds",
                Tags.empty(),
                it -> seconds(readings.leaseAge()));
    }

    private void askUntilClosed() {
        try {
            do {
                ask();
            } while (!closed.await(PAUSE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) { // somebody ends this thread: the gauges have no value then
            latest = null;
        }
    }

    private void ask() {
        try {
            latest = readings.status().orElse(null);
        } catch (RuntimeException e) { // the next time may be better
            latest = null;
            LOG.debug("the status of the database could not be read", e);
        }
    }

    private void ofDatabase(String name, String description, String unit, ToDoubleFunction<Status> value) {
        gauge(name, description, unit, Tags.empty(), it -> {
            Status status = latest;
            return status == null ? Double.NaN : value.applyAsDouble(status);
        });
    }

    private void gauge(String name, String description, String unit, Tags own, ToDoubleFunction<EngineGauges> value) {
        registered.add(Gauge.builder(name, this, value)
                .description(description)
                .baseUnit(unit.isEmpty() ? null : unit)
                .tags(tags.and(own))
                .register(registry));
    }

    private static double number(Count count) {
        return count.atLeast();
    }

    private static double orNone(@Nullable Long number) {
        return number == null ? Double.NaN : number;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    @Override
    public void close() {
        closed.countDown();
        registered.forEach(registry::remove);
    }
}
