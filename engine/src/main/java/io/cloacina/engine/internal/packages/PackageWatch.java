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
 * Follows the packages of the database in a thread of its own: told by hints, and by looking, so that a package is there
 * within two seconds also where hints do not come. Where they come, looking is for those that were lost. Thread safe.
 */
public final class PackageWatch {
    private static final Logger LOG = LoggerFactory.getLogger(PackageWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration INTERVAL_WHEN_TOLD = Duration.ofSeconds(10);

    /** How long a look waits for what is being loaded; what takes longer is there at a later look. */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    private static final Duration PATIENCE_AT_START = Duration.ofSeconds(5);

    private final Reconciler reconciler;
    private final Workflows workflows;
    private final Consumer<Schedule> schedules;
    private final Maintenance maintenance;
    private final Timer timer;
    private final Mode mode;
    private final Duration atMost;
    private final BooleanSupplier isTold;
    private final Set<Workflow> scheduled = new HashSet<>();
    private long lookedAt = System.nanoTime() - INTERVAL.toNanos();

    /**
     * @param atMost how long a package may take to be loaded
     * @param isTold whether hints about packages are heard now
     */
    public PackageWatch(
            Reconciler reconciler,
            SharedParts parts,
            Consumer<Schedule> schedules,
            Maintenance maintenance,
            Mode mode,
            Duration atMost,
            BooleanSupplier isTold) {
        this.reconciler = reconciler;
        this.workflows = parts.workflows();
        this.schedules = schedules;
        this.maintenance = maintenance;
        this.timer = parts.timer();
        this.mode = mode;
        this.atMost = atMost;
        this.isTold = isTold;
    }

    /** Begins to look by the timer. */
    public void start() {
        lookAfter(INTERVAL);
    }

    /** A hint that is lost while the connection that hears breaks is made up for when hearing begins again. */
    private void lookAfter(Duration interval) {
        timer.loadAfter(interval, () -> {
            attempt(PATIENCE);
            lookAfter(isTold.getAsBoolean() ? INTERVAL_WHEN_TOLD : INTERVAL);
        });
    }

    /** Looks by the timer, now. */
    public void lookSoon() {
        timer.loadAfter(Duration.ZERO, () -> attempt(PATIENCE));
    }

    /** A client looks when it is used, unless it has just done so. */
    public synchronized void lookIfOld() {
        if (System.nanoTime() - lookedAt >= INTERVAL.toNanos()) {
            attempt(PATIENCE_AT_START);
        }
    }

    /** Before the engine works; by hand for as long as it takes, because nothing is taken later. */
    public void lookFirst() {
        attempt(mode == Mode.BY_HAND ? atMost : PATIENCE_AT_START);
    }

    /** Looks until a package is loaded that has just been stored, or cannot be. */
    public void lookUntilLoaded(UniversalUuid id) {
        long end = System.nanoTime() + atMost.toNanos();
        do {
            attempt(mode == Mode.BY_HAND ? atMost : PATIENCE);
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

    /** Those of packages that serve and were not put yet; what the database cannot do now is done at a later look. */
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
        } catch (Throwable e) { // the edge of a thread: it must be tried again
            LOG.error("checking the packages failed unexpectedly and will be retried", e);
        }
    }
}
