package io.cloacina.engine.internal.write;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit. A lane takes all pending writes, writes them in one transaction, commits once, and then completes all
 * of them. So the cost of a durable commit is paid once for the group.
 *
 * <p>If a group fails, its writes are retried one by one, so that a faulty write does not harm the others. Writes that
 * wait for locks of other transactions do so in the {@link SideLane}. SQLite has one lane, because it has one writer.
 * PostgreSQL has several, and all writes of an execution are in the same one as long as no process starts or ends. An
 * engine that is driven manually has a lane without a thread: the calling thread writes.
 *
 * <p>All processes of a database together use as many lanes as one process would use alone, or one each: one large
 * group is less work for the database than two small ones.
 */
public final class WriteLanes {
    private static final int SAME_KEY_TRIES = 10;
    private static final Logger LOG = LoggerFactory.getLogger(WriteLanes.class);

    /** More lanes would mean smaller groups, and more commits for the server. */
    private static final int POSTGRES_LANES =
            Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

    private final SharedParts parts;
    private final Transactions transactions;
    private final TransientRetry transientRetry;
    private final Consumer<CommitEffects> then;
    private final boolean threads;
    private final List<Lane> lanes;
    private final SideLane side;
    private final AtomicBoolean nudged = new AtomicBoolean();
    private final AtomicInteger turn = new AtomicInteger();
    private final Runnable afterwards;
    private volatile int used;
    private volatile Deadline keptUntil = Deadline.NEVER;

    /**
     * Creates lanes with threads, or without them if {@code afterwards} is given.
     *
     * @param then acts upon the effects of each committed transaction
     * @param afterwards is run by the thread that wrote; null for lanes with threads
     */
    public WriteLanes(
            SharedParts parts,
            Transactions transactions,
            TransientRetry transientRetry,
            Consumer<CommitEffects> then,
            @Nullable Runnable afterwards) {
        this.parts = parts;
        this.transactions = transactions;
        this.transientRetry = transientRetry;
        this.then = then;
        this.threads = afterwards == null;
        this.afterwards = afterwards == null ? () -> {} : afterwards;
        this.side = new SideLane(transientRetry, this::straggler, parts.own());
        int number = parts.database().backend() == Backend.SQLITE || !threads ? 1 : POSTGRES_LANES;
        this.lanes = IntStream.range(0, number)
                .mapToObj(each -> new Lane(each, this, transactions, transientRetry, side, parts.own()))
                .toList();
        this.used = number;
    }

    /** That many processes, including this one, write into the database. */
    public void share(int processes) {
        used = Math.max(1, lanes.size() / processes);
    }

    public void start() {
        if (threads) {
            lanes.forEach(Lane::start);
            side.start();
        }
    }

    /** Stores executions, or finds the first ones with the same keys; returns the ids, in order. */
    public List<UniversalUuid> submit(List<PreparedExecution> prepared) {
        return submit(prepared, SAME_KEY_TRIES);
    }

    private List<UniversalUuid> submit(List<PreparedExecution> prepared, int tries) {
        try {
            return write(new Write.Submit(prepared));
        } catch (DatabaseException e) {
            if (e.kind() != ErrorKind.UNIQUE || tries <= 1) {
                throw e;
            }
            // Either an earlier commit of these succeeded although its answer was lost, or another process used one of
            // the keys at the same time: then its execution is the first.
            return call(prepared.get(0).id(), work -> Submitter.arrived(work.transaction(), prepared))
                    .orElseGet(() -> submit(prepared, tries - 1));
        }
    }

    /**
     * Runs some work in a transaction that it shares with others, and returns when that is committed. The work may run
     * more than once; it must have no effects but those of its transaction, its result and what it adds to the effects.
     *
     * @throws RuntimeException the exception of the work; nothing of it is stored then
     */
    public <R> R call(UniversalUuid execution, Function<UnitOfWork, R> work) {
        return write(new Write.Call<>(execution, work));
    }

    /** As {@link #call}, but fails when other transactions hold its locks, for callers that do not want to wait. */
    public <R> R callUnlessLocked(UniversalUuid execution, Function<UnitOfWork, R> work) {
        return write(new Write.Call<>(execution, work, false));
    }

    /** As {@link #call}. */
    public <R> R write(Write.Awaited<R> write) {
        requireNoTransaction(parts);
        add(write);
        if (!threads && !write.isDone()) {
            // Other transactions hold its locks. The calling thread waits for them, and delays no other.
            Straggler own = straggler(write);
            for (int failures = 1; !write.isDone(); failures++) {
                if (own.attempt() == Straggler.Progress.LATER) {
                    transientRetry.waitAfter(failures);
                }
            }
            afterwards.run();
        }
        return write.result();
    }

    /**
     * Reads what a write depends on. When the database is away it is read again until it answers, as a write waits for
     * the database as well.
     */
    public <R> R readFirst(String doing, Supplier<R> reading) {
        requireNoTransaction(parts);
        return transientRetry.keepTrying(doing, reading);
    }

    /** The error for a call after the engine was closed, which may only read. */
    public static CloacinaException closedToAll() {
        return new CloacinaException(ErrorCodes.ENGINE_CLOSED, "the engine is closed");
    }

    /** The error for a call that would have stored something, after the engine was closed. */
    public static CloacinaException closed() {
        return new CloacinaException(ErrorCodes.ENGINE_CLOSED, "the engine is closed; nothing was stored");
    }

    /** The error for a call while the engine is not running, and may be started. */
    public static CloacinaException notRunning(String why) {
        return new CloacinaException(ErrorCodes.ENGINE_NOT_RUNNING, "the engine " + why);
    }

    /** Refuses a call that would wait for a transaction of the calling thread itself. */
    public static void requireNoTransaction(SharedParts parts) {
        ApplicationTransactions application = parts.settings().host().transactions();
        if (parts.database().isHeldByThisThread() || (application != null && application.isActive())) {
            throw new CloacinaException(
                    ErrorCodes.IN_TRANSACTION,
                    "this thread is in a transaction of a transactional task or of the application, for which a"
                            + " transaction of the engine would wait forever on SQLite: submit with"
                            + " submit(transaction, ...) or submit(connection, ...); make other calls"
                            + " after the transaction, such as in another task");
        }
    }

    /** Adds a write, to be written soon with others. */
    public void add(Write write) {
        if (!threads) {
            if (lanes.get(0).drain(write)) {
                afterwards.run();
            }
        } else if (side.isWaitedFor(write)) {
            side.add(straggler(write));
        } else {
            lanes.get(Math.floorMod(write.execution().hashCode(), used)).add(write);
        }
    }

    /** Causes a transaction, which claims ready tasks, unless one is about to begin. */
    public void nudge() {
        // If transactions do not claim, the tasks would stay ready, and the next check would nudge again.
        if (transactions.isClaiming() && nudged.compareAndSet(false, true)) {
            Write nudge = new Write.Nudge();
            if (threads) {
                lanes.get(Math.floorMod(turn.getAndIncrement(), used)).add(nudge);
            } else {
                add(nudge);
            }
        }
    }

    /**
     * Whether the answer to a commit may have been lost since the last call: then this runner may have unknown claims.
     */
    public boolean mayHaveLostAnswers() {
        return transactions.mayHaveLostAnswers();
    }

    /** Allows or forbids transactions to claim from now on. */
    public void claim(boolean allowed) {
        transactions.claim(allowed);
    }

    /** Waits until all earlier writes are written and acted upon, except those that wait in the side lane. */
    public void settle() {
        List<Write.Barrier> barriers = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane.isAlive()) {
                barriers.add(new Write.Barrier());
                lane.add(barriers.get(barriers.size() - 1));
            }
        }
        barriers.forEach(Write.Barrier::result);
        if (side.isAlive()) {
            Write.Barrier last = new Write.Barrier();
            side.add(straggler(last));
            last.result();
        }
    }

    /** While the engine closes, ends of attempts that cannot be written are retried until that deadline. */
    public void keepUntil(Deadline deadline) {
        keptUntil = deadline;
    }

    /** Writes what is pending, and returns when the threads have ended. */
    public void close() {
        lanes.forEach(Lane::end);
        side.end();
    }

    /**
     * Tells callers that it is unknown whether their writes are stored; returns the names of threads that still run.
     */
    public List<String> giveUp() {
        lanes.forEach(Lane::giveUp);
        side.giveUp();
        return Stream.concat(lanes.stream().map(Lane::thread), Stream.of(side.thread()))
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .toList();
    }

    private Straggler straggler(Write write) {
        return new Straggler(write, transactions, transientRetry, this::committed, () -> !keptUntil.isOver());
    }

    /** Moves a write to the side lane. Without threads, the caller of an awaited write waits for it itself. */
    private void setAside(Straggler straggler) {
        if (threads || !(straggler.write() instanceof Write.Awaited)) {
            side.add(straggler);
        }
    }

    /** Moves a write to the side lane that may have to wait for locks, and was not tried alone yet. */
    void setAside(Write write) {
        setAside(straggler(write));
    }

    /** Moves a write to the side lane that failed alone, unless the failure ends it. */
    void setAside(Write write, TransactionResult.Failure failure) {
        Straggler straggler = straggler(write);
        if (straggler.failed(failure) != Straggler.Progress.OVER) {
            setAside(straggler);
        }
    }

    /** A transaction is about to write these. */
    void begins(List<Write> group) {
        if (group.stream().anyMatch(Write.Nudge.class::isInstance)) {
            nudged.set(false);
        }
    }

    /**
     * A transaction has written these, with these effects. The order matters: an attempt has ended before threads that
     * await its execution are woken, and callers get their results when tasks that they submitted have started here, so
     * that awaiting these need not query the database.
     */
    void committed(List<Write> group, CommitEffects effects) {
        answer(group, false);
        act(effects);
        answer(group, true);
    }

    private static void answer(List<Write> group, boolean callers) {
        for (Write write : group) {
            if (write instanceof Write.Awaited == callers) {
                write.committed();
            }
        }
    }

    /** Acts upon the effects of a committed transaction. */
    public void act(CommitEffects effects) {
        try {
            then.accept(effects);
        } catch (Throwable e) { // the edge of a thread: the next writes must find it alive
            LOG.error("the effects of a commit failed in this process; maintenance will repeat them", e);
            transactions.answersMayBeLost();
        }
    }
}
