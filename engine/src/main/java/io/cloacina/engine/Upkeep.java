package io.cloacina.engine;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be done now and then: renew the lease, recover from dead runners, wake what is due, look for what was missed,
 * remove what is old. Each is one method that an engine turned by hand calls itself; otherwise they are run by the timer.
 */
final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /** A look at processes of this host asks the operating system only. */
    static final Duration LOCAL_LOOK = Duration.ofMillis(500);

    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final Duration CLAIMS_LOOK = Duration.ofMillis(100);
    private static final Duration RETENTION_PAUSE = Duration.ofMinutes(10);
    private static final Duration RETENTION_BREATH = Duration.ofMillis(50);
    private static final Duration OTHERS_FIRE = Duration.ofMillis(50);
    private static final int DUE_BATCH = 500;

    private final Database database;
    private final WriteLanes lanes;
    private final Dispatcher dispatcher;
    private final Waiting waiting;
    private final Workflows workflows;
    private final Lease lease;
    private final LeaseSweeper sweeper;
    private final CronLoop cron;
    private final Hinting hinting;
    private final Retention retention;
    private final Availability availability;
    private final Timer timer;
    private final Clock clock;
    private final Duration pollInterval;
    private final boolean byHand;
    private final Alarm dueAlarm;
    private final Alarm cronAlarm;
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    private final AtomicBoolean lookingAtClaims = new AtomicBoolean();
    private volatile List<RunnerStore.Known> others = List.of();

    /** @param byHand whether somebody else calls these methods, and nothing is done by the timer */
    Upkeep(Machinery.Parts parts, WriteLanes lanes, Dispatcher dispatcher, Steps steps, boolean byHand) {
        this.byHand = byHand;
        Settings settings = parts.settings();
        this.database = parts.database();
        this.lanes = lanes;
        this.dispatcher = dispatcher;
        this.waiting = parts.waiting();
        this.workflows = parts.workflows();
        this.lease = parts.lease();
        this.sweeper = steps.sweeper();
        this.cron = steps.cron();
        this.hinting = parts.hinting();
        this.retention = new Retention(database, lanes, settings.clock(), settings.retention());
        this.availability = new Availability(
                database, lanes, workflows, steps.interventions(), settings.clock(), settings.unavailableAfter());
        this.timer = parts.timer();
        this.clock = settings.clock();
        this.pollInterval = settings.pollInterval();
        this.dueAlarm = new Alarm(timer, clock, () -> untilDone(this::wakeDue));
        this.cronAlarm = new Alarm(timer, clock, () -> untilDone(this::fireSchedules));
    }

    /** Begins to do all of it by the timer. */
    void start() {
        beatAgain();
        again(lease.heartbeat(), this::lookAtOthers);
        again(LOCAL_LOOK, this::lookAtLocalProcesses);
        again(pollInterval, this::poll);
        again(availability.interval(), this::checkAvailability);
        timer.upkeepAfter(Duration.ofSeconds(10), this::removeOld);
    }

    /** Learns who else is there, and recovers from those who are not. */
    void lookAtOthers() {
        List<RunnerStore.Known> before = others;
        others = database.list(RunnerStore.OTHERS, lease.runner());
        hinting.hasOthers(!others.isEmpty());
        if (!others.isEmpty()) {
            sweep();
        }
        if (!byHand && !ids(before).containsAll(ids(others))) {
            // What was made ready before they were known was told to nobody.
            lanes.call(lease.runner(), (transaction, effects) -> {
                effects.othersShouldLook();
                return true;
            });
        }
        if (!byHand && !ids(others).containsAll(ids(before))) {
            // Who has left knew what is due and what was ready; nobody else may know.
            poll();
        }
        dispatcher.reconcileIfDue(
                lanes.mayHaveLostAnswers(), () -> database.list(TaskStore.HELD_BY, lease.runner()), workflows);
    }

    /** Looks who has come, at most once in a while. */
    void lookAtOthersAfter(Duration delay) {
        if (lookingSoon.compareAndSet(false, true)) {
            timer.upkeepAfter(delay, () -> {
                lookingSoon.set(false);
                attempt(() -> {
                    lookAtOthers();
                    // Who came and left at once was never known, and may have left something all the same.
                    poll();
                    lookAtClaimsSoon();
                });
            });
        }
    }

    /** Looks whether what runs here is still this runner's, at most once in a while. */
    void lookAtClaimsSoon() {
        if (!dispatcher.isIdle() && lookingAtClaims.compareAndSet(false, true)) {
            timer.upkeepAfter(CLAIMS_LOOK, () -> {
                lookingAtClaims.set(false);
                attempt(() -> dispatcher.interruptLost(() -> database.list(TaskStore.HELD_BY, lease.runner())));
            });
        }
    }

    private void beatAgain() {
        timer.heartbeatAfter(jittered(lease.heartbeat()), () -> {
            attempt(lease::renew);
            beatAgain();
        });
    }

    /** A look first: a transaction only for who seems to be dead. */
    private void sweep() {
        UniversalTimestamp now = database.list(RunnerStore.DATABASE_CLOCK).get(0);
        UniversalUuid own = lease.runner();
        for (RunnerStore.Known other : others) {
            if (other.isOver(now) || sweeper.isKnownDead(other)) {
                lanes.call(own, (transaction, effects) -> sweeper.recoverFrom(transaction, other, effects));
            }
        }
    }

    /** Recovers at once from a process of this host that is gone. */
    private void lookAtLocalProcesses() {
        for (RunnerStore.Known other : others) {
            if (sweeper.isKnownDead(other)) {
                lookAtOthers();
                return;
            }
        }
    }

    /** What nobody told may have happened all the same. */
    void poll() {
        waiting.noteUnknown(Waiting.SUSPICION);
        wakeDue();
        fireSchedules();
        dispatcher.claimIfPossible();
    }

    /** Polls once more a little later, because something may come that nobody tells. */
    void pollAfter(Duration delay) {
        timer.upkeepAfter(delay, () -> attempt(this::poll));
    }

    boolean isSomethingDue() {
        UniversalTimestamp now = UniversalTimestamp.now(clock);
        return database.list(ReadyStore.NEXT_DUE).stream().anyMatch(next -> next.compareTo(now) <= 0)
                || cron.next(database).filter(next -> next.compareTo(now) <= 0).isPresent();
    }

    /** Makes tasks ready whose time has come, and comes back when the next one's has. */
    void wakeDue() {
        UniversalTimestamp next =
                database.list(ReadyStore.NEXT_DUE).stream().findFirst().orElse(null);
        while (next != null && next.compareTo(UniversalTimestamp.now(clock)) <= 0) {
            next = lanes.call(lease.runner(), (transaction, effects) -> {
                ReadyStore.Due due = new ReadyStore.Due(UniversalTimestamp.now(clock), DUE_BATCH);
                for (ReadyStore.Waiting woken : transaction.list(ReadyStore.WAKE_DUE, due)) {
                    workflows.ready(woken.workflow(), woken.version(), woken.priority(), effects);
                }
                return transaction.list(ReadyStore.NEXT_DUE).stream()
                        .findFirst()
                        .orElse(UniversalTimestamp.MAX);
            });
        }
        if (next != null && !next.equals(UniversalTimestamp.MAX)) {
            wakeAt(next);
        }
    }

    /** Looks at that time whether limits let tasks of the workflow begin. */
    void lookAgain(Workflow workflow, UniversalTimestamp at) {
        timer.after(until(at), () -> {
            waiting.note(workflow, Waiting.SUSPICION);
            dispatcher.claimIfPossible();
        });
    }

    private Duration until(UniversalTimestamp due) {
        Duration delay = Duration.between(clock.instant(), due.toInstant());
        return delay.isNegative() ? Duration.ZERO : delay;
    }

    /** Comes back for tasks at that time, unless it comes back earlier anyway. */
    void wakeAt(UniversalTimestamp due) {
        dueAlarm.setTo(due);
    }

    /** Fires the schedules whose time has come, and comes back when the next one's has. */
    void fireSchedules() {
        UniversalTimestamp next = cron.next(database).orElse(null);
        while (next != null && next.compareTo(UniversalTimestamp.now(clock)) <= 0) {
            CronLoop.Round round = lanes.call(lease.runner(), cron::fire);
            next = round.next().orElse(null);
            if (round.taken() == 0 && next != null) {
                // Another process is about to fire what is due: it may die before it has.
                next = later(next);
                break;
            }
        }
        if (next != null) {
            fireAt(next);
        }
    }

    /** As {@link #fireSchedules}, by the timer. */
    void fireSchedulesSoon() {
        timer.upkeepAfter(Duration.ZERO, () -> untilDone(this::fireSchedules));
    }

    private UniversalTimestamp later(UniversalTimestamp due) {
        UniversalTimestamp soon = UniversalTimestamp.now(clock).saturatedPlus(OTHERS_FIRE);
        return due.compareTo(soon) < 0 ? soon : due;
    }

    /** Comes back for schedules at that time, unless it comes back earlier anyway. */
    void fireAt(UniversalTimestamp due) {
        cronAlarm.setTo(due);
    }

    private void untilDone(Runnable work) {
        if (!attempt(work)) {
            timer.upkeepAfter(AGAIN, () -> untilDone(work));
        }
    }

    /** Removes all that is old now. */
    void removeAllOld() {
        while (retention.removeSome()) {
            LOG.debug("removing old executions goes on");
        }
    }

    void checkAvailability() {
        availability.check(others);
    }

    private void removeOld() {
        boolean[] more = {false};
        attempt(() -> more[0] = retention.removeSome());
        timer.upkeepAfter(more[0] ? RETENTION_BREATH : jittered(RETENTION_PAUSE), this::removeOld);
    }

    private void again(Duration interval, Runnable work) {
        timer.upkeepAfter(jittered(interval), () -> {
            attempt(work);
            again(interval, work);
        });
    }

    private static Set<UniversalUuid> ids(List<RunnerStore.Known> runners) {
        return runners.stream().map(RunnerStore.Known::id).collect(Collectors.toSet());
    }

    /** Whether it could be done. */
    private static boolean attempt(Runnable work) {
        try {
            work.run();
            return true;
        } catch (DatabaseException e) {
            LOG.warn("upkeep failed and will be tried again: {}", e.getMessage());
        } catch (Throwable e) { // the edge of a thread: it must be tried again
            LOG.error("upkeep failed unexpectedly and will be tried again", e);
        }
        return false;
    }

    /** A tenth less at most, so that processes that began together do not stay together. */
    private static Duration jittered(Duration interval) {
        long nanos = Timer.bounded(interval).toNanos();
        return Duration.ofNanos(nanos - ThreadLocalRandom.current().nextLong(1 + nanos / 10));
    }
}
