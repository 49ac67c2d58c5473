package io.cloacina.engine.internal.run;

import io.cloacina.api.BulkActionKind;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.host.Backoff;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.store.BulkStore;
import io.cloacina.engine.internal.write.BulkStep;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.internal.write.Unwritable;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Continues bulk operations, by one step of each in a round. After a round it rests for as long as the round took, so that bulk
 * operations use at most half of the time. Used by one thread.
 */
public final class BulkRounds {
    /** How often to poll for operations that no notification announced. */
    private static final Duration LOOK = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(BulkRounds.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration LEAST_REST = Duration.ofMillis(20);

    /** How long a step should take. The number of executions in the next step is adapted to it. */
    private static final Duration STEP = Duration.ofMillis(50);

    private static final int FIRST = 20;
    private static final int MOST = 200;
    private static final Backoff AFTER_FAILURES = new Backoff(SOON, LOOK);

    private final Database database;
    private final WriteLanes lanes;
    private final BulkStep step;
    private final Set<UniversalUuid> unreadable = new HashSet<>();
    private final Timer timer;
    private final BooleanSupplier isOurs;
    private final Runnable retried;
    private final DelayedOnce coming;
    private final AtomicBoolean isAtWork = new AtomicBoolean();
    private int size = FIRST;
    private int failures;

    /**
     * @param isOurs whether this runner continues the operations: several would not be faster
     * @param retried is called after executions of any version were reopened
     */
    BulkRounds(SharedParts parts, WriteLanes lanes, Steps steps, BooleanSupplier isOurs, Runnable retried) {
        this.database = parts.database();
        this.timer = parts.timer();
        this.isOurs = isOurs;
        this.retried = retried;
        this.lanes = lanes;
        this.step = new BulkStep(parts, steps);
        this.coming = new DelayedOnce(timer, this::look);
    }

    /** Starts polling by the timer. */
    void start() {
        lookAfter(SOON);
        lookAgain();
    }

    private void lookAgain() {
        timer.maintenanceAfter(LOOK, () -> {
            look();
            lookAgain();
        });
    }

    /** Looks for operations after a delay, because one may have been started. */
    public void lookAfter(Duration delay) {
        coming.after(delay);
    }

    private void look() {
        if (isAtWork.compareAndSet(false, true)) {
            continueWhileThereIsMore();
        }
    }

    private void continueWhileThereIsMore() {
        long begun = System.nanoTime();
        Periodic.Part part = Periodic.attemptPart(() -> isOurs.getAsBoolean() && round());
        failures = part == Periodic.Part.FAILED ? failures + 1 : 0;
        isAtWork.set(part != Periodic.Part.LAST);
        if (isAtWork.get()) {
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            timer.maintenanceAfter(rest(took), this::continueWhileThereIsMore);
        }
    }

    /**
     * The pause before the next round. A failed round, for which one locked row is enough, is repeated soon, and with a growing
     * delay while rounds keep failing.
     */
    private Duration rest(Duration took) {
        if (failures > 0) {
            return AFTER_FAILURES.after(failures);
        }
        return took.compareTo(LEAST_REST) < 0 ? LEAST_REST : took;
    }

    /** Continues all operations to their ends. */
    public void continueAll() {
        while (round()) {
            LOG.debug("bulk operations are continued");
        }
    }

    /** Continues each operation by one step; true if at least one needs more steps. */
    public boolean round() {
        boolean isMore = false;
        for (BulkStore.Stored operation : database.list(BulkStore.RUNNING)) {
            if (isReadable(operation)) {
                isMore |= continued(operation);
            }
        }
        return isMore;
    }

    /**
     * Whether this process understands the operation. If not, a newer version stored it, and a process of that version
     * continues it as soon as it is the oldest runner.
     */
    private boolean isReadable(BulkStore.Stored operation) {
        try {
            operation.search();
            operation.action();
            return true;
        } catch (CloacinaException e) {
            if (unreadable.add(operation.id())) {
                LOG.warn("bulk operation {} is not continued by this process: {}", operation.id(), e.getMessage());
            }
            return false;
        }
    }

    private boolean continued(BulkStore.Stored operation) {
        UniversalUuid id = operation.id();
        long begun = System.nanoTime();
        BulkStep.Result result;
        try {
            result = lanes.callUnlessLocked(id, work -> step.step(work, id, size));
        } catch (RuntimeException e) { // one of the executions caused it
            if (Unwritable.isOfEngine(e)) {
                throw e;
            }
            if (size > 1) {
                size = 1;
                return true;
            }
            LOG.error("bulk operation {} skips an execution: {}", id, e.toString());
            result = lanes.callUnlessLocked(id, work -> step.pass(work, id, e));
        }
        if (operation.kind() == BulkActionKind.RETRY && result.reached() > 0) {
            retried.run();
        }
        adapt(Duration.ofNanos(System.nanoTime() - begun));
        if (!result.isMore()) {
            database.find(BulkStore.FIND, id)
                    .filter(now -> now.endedAt() != null)
                    .ifPresent(BulkRounds::tell);
        }
        return result.isMore();
    }

    private void adapt(Duration took) {
        if (took.compareTo(STEP) > 0) {
            size = Math.max(1, size / 2);
        } else if (took.compareTo(STEP.dividedBy(2)) < 0) {
            size = Math.min(MOST, size * 2);
        }
    }

    private static void tell(BulkStore.Stored ended) {
        LOG.info(
                "bulk operation {} ({}) is {}: done to {} executions, {} skipped, {} children, {} failed",
                ended.id(),
                ended.kind().label(),
                ended.state().label(),
                ended.done(),
                ended.skipped(),
                ended.children(),
                ended.failed());
    }
}
