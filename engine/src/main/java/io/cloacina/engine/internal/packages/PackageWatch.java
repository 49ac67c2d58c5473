package io.cloacina.engine.internal.packages;

import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.run.Maintenance;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.model.Schedule;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the packages of the database in a thread of its own, by notifications and by polling, so that a package is
 * loaded within two seconds even without notifications. Where these arrive, polling only makes up for lost ones. Thread
 * safe.
 */
public final class PackageWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PackageWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration INTERVAL_WHEN_NOTIFIED = Duration.ofSeconds(10);

    /** How long a check waits for packages that are being loaded; packages that take longer are taken by a later check. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(5);

    private final Reconciler reconciler;
    private final Workflows workflows;
    private final Consumer<Schedule> schedules;
    private final Maintenance maintenance;
    private final Timer timer;
    private final Mode mode;
    private final Duration atMost;
    private final BooleanSupplier isNotified;
    private final Set<Workflow> scheduled = new HashSet<>();
    private long lookedAt = System.nanoTime() - INTERVAL.toNanos();

    /**
     * @param atMost how long loading a package may take
     * @param isNotified whether notifications about packages arrive at present
     */
    public PackageWatch(
            Reconciler reconciler,
            SharedParts parts,
            Consumer<Schedule> schedules,
            Maintenance maintenance,
            Mode mode,
            Duration atMost,
            BooleanSupplier isNotified) {
        this.reconciler = reconciler;
        this.workflows = parts.workflows();
        this.schedules = schedules;
        this.maintenance = maintenance;
        this.timer = parts.timer();
        this.mode = mode;
        this.atMost = atMost;
        this.isNotified = isNotified;
    }

    /** Starts checking by the timer. */
    public void start() {
        lookAfter(INTERVAL);
    }

    /**
     * Polls less often while notifications arrive. Those that were lost while the connection was broken are made up for
     * when it is restored.
     */
    private void lookAfter(Duration interval) {
        timer.loadAfter(interval, () -> {
            attempt(PATIENCE);
            lookAfter(isNotified.getAsBoolean() ? INTERVAL_WHEN_NOTIFIED : INTERVAL);
        });
    }

    /** Checks at once, in a thread of the timer. */
    public void lookSoon() {
        timer.loadAfter(Duration.ZERO, () -> attempt(PATIENCE));
    }

    /** For a client, which checks when it is used, but at most once in each interval. */
    public synchronized void lookIfOld() {
        if (System.nanoTime() - lookedAt >= INTERVAL.toNanos()) {
            attempt(PATIENCE_AT_START);
        }
    }

    /**
     * Checks before the engine starts. An engine that is driven manually waits until all packages are loaded, because no later
     * check takes them.
     */
    public void lookFirst() {
        attempt(mode == Mode.MANUAL ? atMost : PATIENCE_AT_START);
    }

    /** Checks repeatedly until a package that was just stored is loaded, or cannot be loaded. */
    public void lookUntilLoaded(UniversalUuid id) {
        long end = System.nanoTime() + atMost.toNanos();
        do {
            attempt(mode == Mode.MANUAL ? atMost : PATIENCE);
        } while (reconciler.isLoading(id)
                && System.nanoTime() - end < 0
                && !Thread.currentThread().isInterrupted());
    }

    private synchronized void look(Duration patience) {
        boolean isChanged = reconciler.reconcile(patience);
        lookedAt = System.nanoTime();
        if (!mode.runsTasks()) {
            return;
        }
        putSchedules();
        if (isChanged) {
            maintenance.pollAfter(Duration.ZERO);
        }
    }

    /** Stores the schedules of packages that are not stored yet. After an error of the database, a later check does it. */
    private void putSchedules() {
        List<Workflow> serving = workflows.packaged();
        scheduled.retainAll(serving);
        for (Workflow workflow : serving) {
            if (scheduled.contains(workflow)) {
                continue;
            }
            try {
                Schedule.of(workflow.definition()).forEach(schedules);
            } catch (DatabaseException e) {
                throw e;
            } catch (CloacinaException e) {
                LOG.error("the schedules of workflow '{}' could not be stored: {}", workflow.name(), e.getMessage());
            }
            scheduled.add(workflow);
        }
    }

    private void attempt(Duration patience) {
        try {
            look(patience);
        } catch (DatabaseException e) {
            LOG.warn("checking the packages failed and will be retried: {}", e.getMessage());
        } catch (Throwable e) { // the edge of a thread: it must be retried
            LOG.error("checking the packages failed unexpectedly and will be retried", e);
        }
    }
}
