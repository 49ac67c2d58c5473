package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.claim.Workflows;
import io.cloacina.engine.internal.host.Alarm;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.internal.write.DueSchedules;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.LeaseSweeper;
import io.cloacina.engine.internal.write.Liveness;
import io.cloacina.engine.internal.write.Notifier;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What has to be done now and then: renew the lease, recover from dead runners, wake what is due, look for what was missed,
 * remove what is old. Each is one method that an engine driven step by step calls itself; otherwise they are run by the timer.
 */
public final class Maintenance {
    /** A look at processes of this host asks the operating system only. */
    public static final Duration LOCAL_LOOK = Duration.ofMillis(500);

    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration CLAIMS_LOOK = Duration.ofMillis(100);
    private static final Duration OTHERS_ACT = Duration.ofMillis(50);
    private static final Duration AVAILABILITY_BREATH = Duration.ofMillis(20);
    private static final Duration AVAILABILITY_LOOK = Duration.ofSeconds(2);

    private final Database database;
    private final WriteLanes lanes;
    private final Dispatcher dispatcher;
    private final ClaimableWorkflows claimable;
    private final Workflows workflows;
    private final Lease lease;
    private final LeaseSweeper sweeper;
    private final Liveness liveness;
    private final DueSchedules dueSchedules;
    private final DueWork due;
    private final Notifier notifier;
    private final Retention retention;
    private final MissingWorkflowCheck availability;
    private final BulkRounds bulk;
    private final Timer timer;
    private final Clock clock;
    private final Duration pollInterval;
    private final boolean byHand;
    private final Alarm dueAlarm;
    private final Alarm cronAlarm;
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    private final AtomicBoolean lookingAtClaims = new AtomicBoolean();
    private final AtomicBoolean lookingForSilence = new AtomicBoolean();
    private final AtomicBoolean checkingSoon = new AtomicBoolean();
    private volatile List<RunnerStore.Known> others = List.of();

    /** {@code byHand}: whether somebody else calls these methods, and nothing is done by the timer. */
    public Maintenance(SharedParts parts, WriteLanes lanes, Dispatcher dispatcher, Steps steps, boolean byHand) {
        this.byHand = byHand;
        Settings settings = parts.settings();
        this.database = parts.database();
        this.lanes = lanes;
        this.dispatcher = dispatcher;
        this.claimable = parts.claimable();
        this.workflows = parts.workflows();
        this.lease = parts.lease();
        this.sweeper = steps.sweeper();
        this.liveness = sweeper.liveness();
        this.dueSchedules = steps.dueSchedules();
        this.due = new DueWork(parts, lanes, steps, byHand);
        this.notifier = parts.notifier();
        this.timer = parts.timer();
        this.clock = settings.clock();
        this.retention = new Retention(database, lanes, clock, timer.elapsed(clock), settings.retention());
        this.availability = new MissingWorkflowCheck(parts, lanes, steps, timer.elapsed(clock));
        this.bulk = new BulkRounds(parts, lanes, steps, this::isOldest, this::checkAvailabilitySoon);
        this.pollInterval = settings.pollInterval();
        this.dueAlarm = new Alarm(timer, clock, () -> untilDone(this::wakeDue));
        this.cronAlarm = new Alarm(timer, clock, () -> untilDone(this::fireSchedules));
    }

    /**
     * The first look. What fails is tried again later, as ever: whatever others left, or are doing now, keeps nobody from
     * starting.
     */
    public void begin() {
        Periodic.attempt(this::lookAtOthers);
        Periodic.attempt(this::checkAvailability);
        if (!byHand) {
            Periodic.attempt(this::poll);
        }
    }

    /** Begins to do all of it by the timer. */
    public void start() {
        beatAgain();
        again(lease.heartbeat(), this::lookAtOthers);
        again(LOCAL_LOOK, this::lookAtLocalProcesses);
        again(pollInterval, this::poll);
        again(availability.interval(), this::checkAvailability);
        bulk.start();
        retention.startOn(timer);
    }

    /** Learns who else is there, and recovers from those who are not. */
    public void lookAtOthers() {
        List<RunnerStore.Known> before = others;
        others = database.list(RunnerStore.OTHERS, lease.runner());
        liveness.look(others);
        notifier.hasOthers(!others.isEmpty());
        lanes.share(1 + others.size());
        sweep();
        if (!versions(before).equals(versions(others))) {
            checkAvailabilitySoon();
        }
        if (!byHand && !ids(before).containsAll(ids(others))) {
            // What was made ready before they were known was told to nobody.
            notifier.tellReady();
        }
        if (!byHand && !ids(others).containsAll(ids(before))) {
            // Who has left knew what is due and what was ready, and may have continued something; nobody else may know.
            poll();
            bulk.lookAfter(OTHERS_ACT);
        }
        lookAtHeld(lanes.mayHaveLostAnswers());
    }

    private void lookAtHeld(boolean lostAnswers) {
        Supplier<List<TaskStore.ClaimedTask>> held = () -> database.list(TaskStore.CLAIMED_BY, lease.runner());
        if (byHand && lostAnswers) {
            // Nothing is claimed or finished between two looks, so they need no time between them.
            dispatcher.reconcile(held.get(), workflows);
            dispatcher.reconcile(held.get(), workflows);
        } else {
            dispatcher.reconcileIfDue(lostAnswers, held, workflows);
        }
    }

    /** Looks who has come, at most once in a while. */
    public void lookAtOthersAfter(Duration delay) {
        if (lookingSoon.compareAndSet(false, true)) {
            timer.maintenanceAfter(delay, () -> {
                lookingSoon.set(false);
                Periodic.attempt(() -> {
                    lookAtOthers();
                    // Who came and left at once was never known, and may have left something all the same.
                    poll();
                    lookAtClaimsSoon();
                });
            });
        }
    }

    /** Looks whether what runs here is still this runner's, at most once in a while. */
    public void lookAtClaimsSoon() {
        if (!dispatcher.isIdle() && lookingAtClaims.compareAndSet(false, true)) {
            timer.maintenanceAfter(CLAIMS_LOOK, () -> {
                lookingAtClaims.set(false);
                Periodic.attempt(
                        () -> dispatcher.interruptLost(() -> database.list(TaskStore.CLAIMED_BY, lease.runner())));
            });
        }
    }

    private void beatAgain() {
        beatAfter(lease.heartbeat());
    }

    private void beatAfter(Duration pause) {
        timer.heartbeatAfter(Periodic.jittered(pause), () -> {
            boolean beats = Periodic.attempt(lease::renew);
            beatAfter(beats || AGAIN.compareTo(lease.heartbeat()) > 0 ? lease.heartbeat() : AGAIN);
        });
    }

    /** Recovers from those who are dead, and looks again when the next one may be. One that fails keeps no other from it. */
    private void sweep() {
        UniversalUuid own = lease.runner();
        Duration next = lease.heartbeat();
        for (RunnerStore.Known other : others) {
            if (liveness.isDead(other)) {
                Periodic.attempt(() -> lanes.callUnlessLocked(own, work -> sweeper.recoverFrom(work, other)));
            } else if (liveness.left(other).compareTo(next) < 0) {
                next = liveness.left(other);
            }
        }
        if (next.compareTo(lease.heartbeat()) < 0 && lookingForSilence.compareAndSet(false, true)) {
            timer.maintenanceAfter(next.compareTo(CLAIMS_LOOK) < 0 ? CLAIMS_LOOK : next, () -> {
                lookingForSilence.set(false);
                Periodic.attempt(this::lookAtOthers);
            });
        }
    }

    /** Recovers at once from a process of this host that is gone. */
    private void lookAtLocalProcesses() {
        for (RunnerStore.Known other : others) {
            if (liveness.isGone(other)) {
                lookAtOthers();
                return;
            }
        }
    }

    /** What nobody told may have happened all the same. */
    public void poll() {
        claimable.noteUnknown(ClaimableWorkflows.SUSPICION);
        wakeDue();
        fireSchedules();
        dispatcher.claimIfPossible();
    }

    /** Polls once more a little later, because something may come that nobody tells. */
    public void pollAfter(Duration delay) {
        timer.maintenanceAfter(delay, () -> Periodic.attempt(this::poll));
    }

    public boolean isSomethingDue() {
        UniversalTimestamp now = UniversalTimestamp.now(clock);
        return due.next().filter(next -> next.compareTo(now) <= 0).isPresent()
                || dueSchedules
                        .next(database)
                        .filter(next -> next.compareTo(now) <= 0)
                        .isPresent();
    }

    /** Makes tasks ready whose time has come, stops executions whose deadline has passed, and comes back for the next ones. */
    void wakeDue() {
        due.doAll().ifPresent(this::wakeAt);
    }

    /** Looks at that time whether limits let tasks of the workflow begin. */
    public void lookAgain(Workflow workflow, UniversalTimestamp at) {
        timer.after(until(at), () -> {
            claimable.note(workflow, ClaimableWorkflows.SUSPICION);
            dispatcher.claimIfPossible();
        });
    }

    private Duration until(UniversalTimestamp due) {
        Duration delay = Duration.between(clock.instant(), due.toInstant());
        return delay.isNegative() ? Duration.ZERO : delay;
    }

    /** Comes back for tasks at that time, unless it comes back earlier anyway. */
    public void wakeAt(UniversalTimestamp due) {
        dueAlarm.setTo(due);
    }

    /** Fires the schedules whose time has come, and comes back when the next one's has. */
    void fireSchedules() {
        UniversalTimestamp next = dueSchedules.next(database).orElse(null);
        while (next != null && next.compareTo(UniversalTimestamp.now(clock)) <= 0) {
            DueSchedules.Round round;
            try {
                round = lanes.callUnlessLocked(lease.runner(), dueSchedules::fire);
            } catch (RuntimeException e) { // whatever is wrong with one of them
                if (byHand || !dueSchedules.canGoOnAfter(e)) {
                    throw e;
                }
                continue;
            }
            next = round.next().orElse(null);
            if (round.taken() == 0 && next != null) {
                // Another process is about to fire what is due, which may die before it has, or it cannot be fired now.
                next = DueWork.later(clock, next, dueSchedules.isFailing() ? AGAIN : DueWork.OTHERS_ACT);
                break;
            }
        }
        if (next != null) {
            fireAt(next);
        }
    }

    /** As {@link #fireSchedules}, by the timer. */
    public void fireSchedulesSoon() {
        timer.maintenanceAfter(Duration.ZERO, () -> untilDone(this::fireSchedules));
    }

    /** Comes back for schedules at that time, unless it comes back earlier anyway. */
    public void fireAt(UniversalTimestamp due) {
        cronAlarm.setTo(due);
    }

    private void untilDone(Runnable work) {
        if (!Periodic.attempt(work)) {
            timer.maintenanceAfter(AGAIN, () -> untilDone(work));
        }
    }

    /** Removes all that is old now. */
    public void removeAllOld() {
        retention.removeAll();
    }

    /** Looks after executions whose workflow nobody has in their version. */
    public void checkAvailability() {
        // A dead one may be left for whoever has the workflows of its tasks.
        boolean isMore = availability.check(
                others.stream().filter(other -> !liveness.isDead(other)).toList());
        if (isMore && byHand) {
            checkAvailability();
        } else if (isMore) {
            timer.maintenanceAfter(AVAILABILITY_BREATH, () -> Periodic.attempt(this::checkAvailability));
        }
    }

    /** When runners have come or gone, or an execution began again, once for several of them. */
    public void checkAvailabilitySoon() {
        if (!byHand && checkingSoon.compareAndSet(false, true)) {
            timer.maintenanceAfter(AVAILABILITY_LOOK, () -> {
                checkingSoon.set(false);
                Periodic.attempt(this::checkAvailability);
            });
        }
    }

    public BulkRounds bulk() {
        return bulk;
    }

    /** Among the runners that live: what is to be done by one of them is up to that one. */
    private boolean isOldest() {
        return older().findAny().isEmpty();
    }

    /** Among the runners that live and have that workflow. */
    public boolean isOldestWith(String workflow) {
        return older().allMatch(
                        other -> Workflows.versions(other.workflows(), workflow).isEmpty());
    }

    private Stream<RunnerStore.Known> older() {
        return others.stream().filter(other -> other.id().compareTo(lease.runner()) < 0 && !liveness.isDead(other));
    }

    private void again(Duration interval, Runnable work) {
        timer.maintenanceAfter(Periodic.jittered(interval), () -> {
            Periodic.attempt(work);
            again(interval, work);
        });
    }

    private static Set<UniversalUuid> ids(List<RunnerStore.Known> runners) {
        return runners.stream().map(RunnerStore.Known::id).collect(Collectors.toSet());
    }

    private static Map<UniversalUuid, String> versions(List<RunnerStore.Known> runners) {
        return runners.stream().collect(Collectors.toMap(RunnerStore.Known::id, RunnerStore.Known::workflows));
    }
}
