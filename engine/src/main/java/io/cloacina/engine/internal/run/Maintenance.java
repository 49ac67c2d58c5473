package io.cloacina.engine.internal.run;

import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.host.Alarm;
import io.cloacina.engine.internal.host.Timer;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.engine.internal.write.Lease;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.Steps;
import io.cloacina.engine.internal.write.WriteLanes;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.type.UniversalTimestamp;
import java.time.Clock;
import java.time.Duration;

/**
 * Decides when the periodic work is done: renewing the lease, recovery from dead runners, waking due tasks, polling, retention.
 * Each is one method, which an engine that is driven manually calls itself; otherwise the timer calls it.
 */
public final class Maintenance {
    /** How often to check the processes of this host. The check only asks the operating system. */
    public static final Duration LOCAL_LOOK = Duration.ofMillis(500);

    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration SILENCE_LOOK = Duration.ofMillis(100);
    private static final Duration OTHERS_ACT = Duration.ofMillis(50);
    private static final Duration MISSING_WORKFLOWS_BREATH = Duration.ofMillis(20);
    private static final Duration MISSING_WORKFLOWS_LOOK = Duration.ofSeconds(2);

    private final SharedParts parts;
    private final WriteLanes lanes;
    private final Dispatcher dispatcher;
    private final OtherRunners others;
    private final ClaimCheck claims;
    private final Lease lease;
    private final ScheduleRounds schedules;
    private final DueWork due;
    private final Retention retention;
    private final MissingWorkflowCheck missingWorkflows;
    private final BulkRounds bulk;
    private final Timer timer;
    private final Clock clock;
    private final boolean isManual;
    private final Alarm dueAlarm;
    private final Alarm cronAlarm;
    private final DelayedOnce othersLook;
    private final DelayedOnce silenceLook;
    private final DelayedOnce workflowsLook;

    /** {@code isManual}: whether the methods are called by an engine that is driven manually, and nothing is done by the timer. */
    public Maintenance(SharedParts parts, WriteLanes lanes, Dispatcher dispatcher, Steps steps, boolean isManual) {
        this.parts = parts;
        this.isManual = isManual;
        Database database = parts.database();
        this.lanes = lanes;
        this.dispatcher = dispatcher;
        this.lease = parts.lease();
        this.others = new OtherRunners(parts, lanes, steps.sweeper());
        this.claims = new ClaimCheck(parts, dispatcher, () -> database.list(TaskStore.CLAIMED_BY, lease.runner()));
        this.schedules = new ScheduleRounds(parts, lanes, steps, isManual);
        this.due = new DueWork(parts, lanes, steps, isManual);
        this.timer = parts.timer();
        this.clock = parts.settings().clock();
        this.retention = new Retention(
                database, lanes, clock, timer.elapsed(clock), parts.settings().retention());
        this.missingWorkflows = new MissingWorkflowCheck(parts, lanes, steps, timer.elapsed(clock));
        this.bulk = new BulkRounds(parts, lanes, steps, others::isThisOldest, this::checkMissingWorkflowsSoon);
        this.dueAlarm = new Alarm(timer, clock, () -> untilDone(this::wakeDue));
        this.cronAlarm = new Alarm(timer, clock, () -> untilDone(this::fireSchedules));
        this.othersLook = new DelayedOnce(timer, () -> {
            lookAtOthers();
            // A runner that came and left in between was never known here, but may have left work.
            poll();
            claims.interruptLostSoon();
        });
        this.silenceLook = new DelayedOnce(timer, this::lookAtOthers);
        this.workflowsLook = new DelayedOnce(timer, this::checkMissingWorkflows);
    }

    /**
     * The first check of other runners, versions and due work. A failure is retried later like any other: neither what other
     * processes left nor what they do now prevents an engine from starting.
     */
    public void begin() {
        Periodic.attempt(this::lookAtOthers);
        Periodic.attempt(this::checkMissingWorkflows);
        if (!isManual) {
            Periodic.attempt(this::poll);
        }
    }

    /** Starts doing all of it by the timer. */
    public void start() {
        beatAfter(lease.heartbeat());
        Periodic.repeat(timer, lease.heartbeat(), this::lookAtOthers);
        Periodic.repeat(timer, LOCAL_LOOK, () -> {
            if (others.isAnyGone()) {
                lookAtOthers();
            }
        });
        Periodic.repeat(timer, parts.settings().pollInterval(), this::poll);
        Periodic.repeat(timer, missingWorkflows.interval(), this::checkMissingWorkflows);
        bulk.start();
        retention.startOn(timer);
    }

    /** Looks at the other runners and at the own claims, and does what follows. */
    public void lookAtOthers() {
        OtherRunners.News news = others.look();
        if (news.next().compareTo(lease.heartbeat()) < 0) {
            silenceLook.after(news.next().compareTo(SILENCE_LOOK) < 0 ? SILENCE_LOOK : news.next());
        }
        if (news.haveChanged()) {
            checkMissingWorkflowsSoon();
        }
        if (!isManual && news.haveCome()) {
            // No notification was sent to them of tasks that became ready before they were known here.
            parts.notifier().tellReady();
        }
        if (!isManual && news.haveLeft()) {
            // A runner that has left knew what was due and ready, and may have continued a bulk operation; perhaps no
            // other runner knows.
            poll();
            bulk.lookAfter(OTHERS_ACT);
        }
        boolean lostAnswers = lanes.mayHaveLostAnswers();
        if (isManual && lostAnswers) {
            // Nothing is claimed or finished between two reads, so they need no time between them.
            claims.compare();
            claims.compare();
        } else {
            claims.compareIfDue(lostAnswers);
        }
    }

    /** Reads the other runners after a delay; does nothing if that is to be done already. */
    public void lookAtOthersAfter(Duration delay) {
        othersLook.after(delay);
    }

    private void beatAfter(Duration pause) {
        timer.heartbeatAfter(Periodic.jittered(pause), () -> {
            boolean beats = Periodic.attempt(lease::renew);
            beatAfter(beats || AGAIN.compareTo(lease.heartbeat()) > 0 ? lease.heartbeat() : AGAIN);
        });
    }

    /** Looks for changes that no notification announced. */
    public void poll() {
        parts.claimable().noteUnknown(ClaimableWorkflows.SUSPICION);
        wakeDue();
        fireSchedules();
        dispatcher.claimIfPossible();
    }

    /** Polls once more a little later, because something may change without a notification. */
    public void pollAfter(Duration delay) {
        timer.maintenanceAfter(delay, () -> Periodic.attempt(this::poll));
    }

    public boolean isSomethingDue() {
        UniversalTimestamp now = UniversalTimestamp.now(clock);
        return due.next().filter(next -> next.compareTo(now) <= 0).isPresent()
                || schedules.next().filter(next -> next.compareTo(now) <= 0).isPresent();
    }

    /** Makes due tasks ready, stops executions whose deadline has passed, and sets the alarm for the next ones. */
    void wakeDue() {
        due.doAll().ifPresent(this::wakeAt);
    }

    /** Claims at that time tasks of the workflow that its limits may let begin then. */
    public void lookAgain(Workflow workflow, UniversalTimestamp at) {
        Duration delay = Duration.between(clock.instant(), at.toInstant());
        timer.after(delay.isNegative() ? Duration.ZERO : delay, () -> {
            parts.claimable().note(workflow, ClaimableWorkflows.SUSPICION);
            dispatcher.claimIfPossible();
        });
    }

    /** Sets the alarm for due tasks and deadlines to that time, unless it rings earlier anyway. */
    public void wakeAt(UniversalTimestamp due) {
        dueAlarm.setTo(due);
    }

    /** Fires the due schedules, and sets the alarm for the next one. */
    void fireSchedules() {
        schedules.fireAll().ifPresent(this::fireAt);
    }

    /** Does {@link #fireSchedules} in a thread of the timer. */
    public void fireSchedulesSoon() {
        timer.maintenanceAfter(Duration.ZERO, () -> untilDone(this::fireSchedules));
    }

    /** Sets the alarm for schedules to that time, unless it rings earlier anyway. */
    public void fireAt(UniversalTimestamp due) {
        cronAlarm.setTo(due);
    }

    private void untilDone(Runnable work) {
        if (!Periodic.attempt(work)) {
            timer.maintenanceAfter(AGAIN, () -> untilDone(work));
        }
    }

    /** Removes everything that is older than the retention. */
    public void removeAllOld() {
        retention.removeAll();
    }

    /** Checks for executions whose version no runner has. */
    public void checkMissingWorkflows() {
        boolean isMore = missingWorkflows.check(others.living());
        if (isMore && isManual) {
            checkMissingWorkflows();
        } else if (isMore) {
            timer.maintenanceAfter(MISSING_WORKFLOWS_BREATH, () -> Periodic.attempt(this::checkMissingWorkflows));
        }
    }

    /** Checks soon, once for several changes: runners came or left, or executions were reopened. */
    public void checkMissingWorkflowsSoon() {
        workflowsLook.after(MISSING_WORKFLOWS_LOOK);
    }

    public BulkRounds bulk() {
        return bulk;
    }

    /** Whether this runner is the oldest live one that has the workflow. */
    public boolean isOldestWith(String workflow) {
        return others.isThisOldestWith(workflow);
    }

    public ClaimCheck claims() {
        return claims;
    }
}
