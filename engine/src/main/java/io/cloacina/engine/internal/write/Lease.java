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
 * This process's row among the runners: as long as it is renewed in time, nobody takes its tasks. When that is not so
 * is seen by the others, see {@link Liveness}. A runner that stalled beyond its lease and was removed continues as a
 * new one.
 *
 * <p>All that is written here is written apart: whatever holds the other connections, the lease is renewed.
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
     * {@code workflows}: the names and versions that this runner has now, as JSON; {@code slots} and {@code isMeasured}: what it
     * tells of itself.
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

    /** That of an engine. */
    public static Lease of(Database database, Settings settings, Supplier<String> workflows, Notifier notifier) {
        boolean isMeasured = !settings.host().metrics().isEmpty();
        return new Lease(database, settings.lease(), settings.slots(), isMeasured, workflows, notifier);
    }

    /** The runner's present id. */
    public UniversalUuid runner() {
        return runner;
    }

    /** Three heartbeats to a lease: two may be missed. */
    public Duration heartbeat() {
        return duration.dividedBy(3);
    }

    /** Whether it was renewed lately: no heartbeat is more than half of its pause late. */
    public boolean isFresh() {
        return System.nanoTime() - renewedAtNanos < Deadline.bounded(duration).toNanos() / 2;
    }

    /** How long ago it was renewed. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - renewedAtNanos);
    }

    /** The id under which it is registered. */
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

    /** Tells others which workflows this runner has now, and which packages it could not load. */
    public synchronized void tell(@Nullable String problems) {
        RunnerStore.Said said = new RunnerStore.Said(runner, workflows.get(), problems);
        database.writeApart(transaction -> transaction.run(RunnerStore.SAY, said));
        packageProblems = problems;
        told = said.workflows();
    }

    /** The problems that others were told of last, as JSON. */
    @Nullable
    public String toldProblems() {
        return packageProblems;
    }

    /** The workflows that others were told of last, as JSON. */
    public String told() {
        return told;
    }

    /** Whether that runner was taken for dead, and this process continues as another. */
    boolean wasLost(UniversalUuid before) {
        if (before.equals(runner)) {
            renew();
        }
        return !before.equals(runner);
    }

    /** Whether a claim of this runner still holds, as the database says. */
    public boolean holds(Claim claim) {
        return database.find(TaskStore.IS_HELD, claim).isPresent();
    }

    public synchronized void renew() {
        UniversalUuid present = runner;
        RunnerStore.Heartbeat heartbeat = new RunnerStore.Heartbeat(present, duration.toMillis(), isClosing);
        if (database.writeApart(transaction -> transaction.run(RunnerStore.RENEW, heartbeat)) == 0) {
            LOG.warn("the lease of runner {} expired, its tasks were recovered; continuing as a new runner", present);
            register();
        }
        renewedAtNanos = System.nanoTime();
    }

    /** The next heartbeat tells that this runner takes no more tasks: a statement of its own could hang. */
    public void tellClosing() {
        isClosing = true;
    }

    /** Removes the row, unless the runner still holds something: then others recover that when the lease has run out. */
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
            isRemoved = false; // a last claim was committed just after the look
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
