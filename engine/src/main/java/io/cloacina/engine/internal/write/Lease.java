package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.ProcessIdentity;
import io.cloacina.engine.internal.host.Processes;
import io.cloacina.engine.internal.store.RunnerStore;
import io.cloacina.engine.internal.store.TaskStore;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's row among the runners: as long as it is renewed in time, no other runner takes its tasks. The others
 * decide whether the lease has ended, see {@link Liveness}. A runner that stalled for longer than its lease, and whose
 * row was removed, continues as a new runner.
 *
 * <p>All of this is written apart from other transactions, so that the lease is renewed even if no connection is free.
 */
public final class Lease {
    public static final Duration DEFAULT_DURATION = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final Database database;
    private final Duration duration;
    private final Supplier<String> workflows;
    private final Notifier notifier;
    private final int slots;
    private final boolean isMeasured;
    private final ProcessIdentity process = Processes.OF_THIS_HOST.self();
    private volatile UniversalUuid runner = UniversalUuid.v7();
    private volatile @Nullable String packageProblems;
    private volatile String told = "";
    private volatile boolean isClosing;
    private volatile long renewedAtNanos = System.nanoTime();

    /**
     * @param slots how many attempts this runner can run at once, for its row
     * @param isMeasured whether the engine has metrics, for its row
     * @param workflows the names and versions of the workflows that this runner has now, as JSON
     */
    public Lease(
            Database database,
            Duration duration,
            int slots,
            boolean isMeasured,
            Supplier<String> workflows,
            Notifier notifier) {
        this.database = database;
        this.duration = duration;
        this.slots = slots;
        this.isMeasured = isMeasured;
        this.workflows = workflows;
        this.notifier = notifier;
    }

    /** The lease of an engine. */
    public static Lease of(Database database, Settings settings, Supplier<String> workflows, Notifier notifier) {
        boolean isMeasured = !settings.host().metrics().isEmpty();
        return new Lease(database, settings.lease(), settings.slots(), isMeasured, workflows, notifier);
    }

    /** The id of this runner; it changes when its row was removed and it continues as a new runner. */
    public UniversalUuid runner() {
        return runner;
    }

    /** A third of the lease: two heartbeats may be missed. */
    public Duration heartbeat() {
        return duration.dividedBy(3);
    }

    /**
     * Whether the lease was renewed lately: the next heartbeat is late by less than half of the interval, if at all.
     */
    public boolean isFresh() {
        return System.nanoTime() - renewedAtNanos < Deadline.bounded(duration).toNanos() / 2;
    }

    /** How long ago the lease was renewed. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - renewedAtNanos);
    }

    /** Registers this process as a new runner; returns its id. */
    public UniversalUuid register() {
        UniversalUuid fresh = UniversalUuid.v7();
        String has = workflows.get();
        database.writeApart(transaction -> {
            UniversalTimestamp now = databaseClock(transaction);
            return transaction.run(
                    RunnerStore.REGISTER,
                    new RunnerStore.Registration(
                            fresh, process, has, packageProblems, slots, isMeasured, now, now.saturatedPlus(duration)));
        });
        runner = fresh;
        told = has;
        renewedAtNanos = System.nanoTime();
        notifier.tellCame();
        return fresh;
    }

    /** Stores which workflows this runner has now, and which packages it could not load, for other processes. */
    public synchronized void tell(@Nullable String problems) {
        RunnerStore.Said said = new RunnerStore.Said(runner, workflows.get(), problems);
        database.writeApart(transaction -> transaction.run(RunnerStore.SAY, said));
        packageProblems = problems;
        told = said.workflows();
    }

    /** The package problems that were stored last, as JSON. */
    @Nullable
    public String toldProblems() {
        return packageProblems;
    }

    /** The workflows that were stored last, as JSON. */
    public String told() {
        return told;
    }

    /** Continues as a new runner if that one was declared dead; true if this process is another runner now. */
    boolean replaceIfLost(UniversalUuid before) {
        if (before.equals(runner)) {
            renew();
        }
        return !before.equals(runner);
    }

    /** Whether a claim of this runner is still valid, according to the database. */
    public boolean isClaimValid(Claim claim) {
        return database.find(TaskStore.IS_CLAIM_VALID, claim).isPresent();
    }

    public synchronized void renew() {
        long asked = System.nanoTime();
        UniversalUuid present = runner;
        RunnerStore.Heartbeat heartbeat = new RunnerStore.Heartbeat(present, duration.toMillis(), isClosing);
        if (database.writeApart(transaction -> transaction.run(RunnerStore.RENEW, heartbeat)) == 0) {
            LOG.warn("the lease of runner {} expired, its tasks were recovered; continuing as a new runner", present);
            register();
        }
        renewedAtNanos = asked; // a slow answer does not make the lease younger
    }

    /** Lets the next heartbeat store that this runner takes no more tasks. A statement of its own could hang. */
    public void tellClosing() {
        isClosing = true;
    }

    /** Removes the row, unless the runner still has claims. Other runners recover these when the lease has expired. */
    public void end() {
        boolean isRemoved;
        try {
            isRemoved = database.writeApart(transaction -> {
                if (!transaction.list(TaskStore.CLAIMED_BY, runner).isEmpty()) {
                    return false;
                }
                return transaction.run(RunnerStore.REMOVE, runner) >= 0;
            });
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.FOREIGN_KEY) {
                throw e;
            }
            isRemoved = false; // a last claim was committed just after the check
        }
        if (isRemoved) {
            notifier.tellLeft();
        } else {
            LOG.info("runner {} still holds tasks: they can run again when its lease has expired", runner);
        }
    }

    static UniversalTimestamp databaseClock(WriteTransaction transaction) {
        return transaction.list(RunnerStore.DATABASE_CLOCK).get(0);
    }
}
