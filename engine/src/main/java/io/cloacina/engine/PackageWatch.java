package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.DatabaseException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the packages of the database in a thread of its own, because loading may take long: told by hints, and by looking,
 * so that a package is there within two seconds also where hints do not come. Thread safe.
 */
final class PackageWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PackageWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Reconciler reconciler;
    private final Schedules schedules;
    private final Upkeep upkeep;
    private final Timer timer;
    private final boolean runsTasks;
    private volatile long lookedAt = System.nanoTime();

    PackageWatch(Reconciler reconciler, Schedules schedules, Upkeep upkeep, Timer timer, boolean runsTasks) {
        this.reconciler = reconciler;
        this.schedules = schedules;
        this.upkeep = upkeep;
        this.timer = timer;
        this.runsTasks = runsTasks;
    }

    /** Begins to look by the timer. */
    void start() {
        timer.loadAfter(INTERVAL, () -> {
            attempt();
            start();
        });
    }

    /** Looks by the timer, now. */
    void lookSoon() {
        timer.loadAfter(Duration.ZERO, this::attempt);
    }

    /** Looks unless somebody has just done so. */
    void lookIfOld() {
        if (System.nanoTime() - lookedAt >= INTERVAL.toNanos()) {
            look();
        }
    }

    /** Loads and unloads what there is to load and unload now. */
    void look() {
        lookedAt = System.nanoTime();
        boolean isNew = false;
        for (Workflow fresh : reconciler.reconcile()) {
            isNew = true;
            if (runsTasks) {
                putSchedules(fresh);
            }
        }
        if (isNew && runsTasks) {
            upkeep.pollAfter(Duration.ZERO);
        }
    }

    private void putSchedules(Workflow workflow) {
        try {
            Schedule.of(workflow.definition()).forEach(schedules::put);
        } catch (CloacinaException e) {
            LOG.error("the schedules of workflow '{}' could not be put: {}", workflow.name(), e.getMessage());
        }
    }

    private void attempt() {
        try {
            look();
        } catch (DatabaseException e) {
            LOG.warn(
                    "looking at packages failed and will be tried again in {} ms: {}",
                    TimeUnit.NANOSECONDS.toMillis(INTERVAL.toNanos()),
                    e.getMessage());
        }
    }
}
