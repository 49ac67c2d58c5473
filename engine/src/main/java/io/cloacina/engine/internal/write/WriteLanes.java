package io.cloacina.engine.internal.write;

import io.cloacina.api.CloacinaException;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit. A lane takes all that waits, writes it in one transaction, commits once, and then answers everyone. What is
 * slow about a durable commit is paid once for the group.
 *
 * <p>If a group fails, its members run again one by one, so a bad one harms no other, and what waits for others does so
 * beside the lanes. SQLite has one lane, because it has one writer; PostgreSQL has several, and an execution is in the same one
 * as long as no process comes or leaves. An engine that is driven manually has lanes without threads: whoever writes does it.
 *
 * <p>All processes of a database together use as many lanes as one of them would use alone, or one each: the database writes
 * one large group with less work than two small ones.
 */
public final class WriteLanes {
    private static final int SAME_KEY_TRIES = 10;
    private static final Logger LOG = LoggerFactory.getLogger(WriteLanes.class);

    /** More would make the groups smaller and the server busier with commits. */
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
     * Lanes without threads if whoever writes does something afterwards.
     *
     * @param then acts upon the effects of each committed transaction
     * @param afterwards is done by whoever wrote; null for lanes with threads
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

    /** That many processes, with this one, write into the database. */
    public void share(int processes) {
        used = Math.max(1, lanes.size() / processes);
    }

    public void start() {
        if (threads) {
            lanes.forEach(Lane::start);
            side.start();
        }
    }

    /** Stores executions, or finds those that were the first with their keys; the ids, in order. */
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
            // Otherwise another process used one of the keys at the same time: its execution is the first.
            return call(prepared.get(0).id(), work -> Submitter.arrived(work.transaction(), prepared))
                    .orElseGet(() -> submit(prepared, tries - 1));
        }
    }

    /**
     * Writes with others in one transaction, and returns when that is committed. The work may run more than once before that;
     * it must have no effect but those of its transaction, its result and what it tells the effects.
     *
     * @throws RuntimeException what the work threw; nothing of it is stored then
     */
    public <R> R call(UniversalUuid execution, Function<UnitOfWork, R> work) {
        return write(new Write.Call<>(execution, work));
    }

    /** As {@link #call}, but it fails when others hold what it needs: whoever calls has more to do than to wait for that. */
    public <R> R callUnlessLocked(UniversalUuid execution, Function<UnitOfWork, R> work) {
        return write(new Write.Call<>(execution, work, false));
    }

    /** As {@link #call}. */
    public <R> R write(Write.Awaited<R> write) {
        requireNoTransaction(parts);
        add(write);
        if (!threads && !write.isDone()) {
            // What it needs is held by others. This caller waits for it, and holds up no other.
            Straggler own = straggler(write);
            for (int failures = 1; !write.isDone(); failures++) {
                if (own.attempt() == Straggler.Outcome.LATER) {
                    transientRetry.waitAfter(failures);
                }
            }
            afterwards.run();
        }
        return write.result();
    }

    /** What is said to who comes too late. */
    public static CloacinaException closed() {
        return new CloacinaException("ENGINE_CLOSED", "the engine is closed; nothing was stored");
    }

    /** The engine does not run, for that reason, and may be started. */
    public static CloacinaException notRunning(String why) {
        return new CloacinaException("ENGINE_NOT_RUNNING", "the engine " + why);
    }

    /** Refuses what would wait for a transaction of this very thread. */
    public static void requireNoTransaction(SharedParts parts) {
        ApplicationTransactions application = parts.settings().host().transactions();
        if (parts.database().isHeldByThisThread() || (application != null && application.isActive())) {
            throw new CloacinaException(
                    "IN_TRANSACTION",
                    "this thread is in a transaction of a transactional task or of the application, for which a"
                            + " transaction of the engine would wait forever on SQLite: submit with"
                            + " submit(transaction, ...) or submit(connection, ...); make other calls"
                            + " after the transaction, such as in another task");
        }
    }

    /** Writes with others in one transaction, at some time soon. */
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

    /** Makes a transaction happen, unless one is about to: what waits is claimed by it. */
    public void nudge() {
        // Without a claim what waits would go on waiting, and whoever sees that would nudge again.
        if (transactions.isClaiming() && nudged.compareAndSet(false, true)) {
            Write nudge = new Write.Nudge();
            if (threads) {
                lanes.get(Math.floorMod(turn.getAndIncrement(), used)).add(nudge);
            } else {
                add(nudge);
            }
        }
    }

    /** Whether the answer to a commit may have been lost since this was asked last: then something may be held unknowingly. */
    public boolean mayHaveLostAnswers() {
        return transactions.mayHaveLostAnswers();
    }

    /** Whether transactions claim from now on. */
    public void claim(boolean allowed) {
        transactions.claim(allowed);
    }

    /** Waits until all that was added before is written and acted upon, but for what waits for others. */
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

    /** While the engine closes, the ends of attempts that cannot be written are tried again until then. */
    public void keepUntil(Deadline deadline) {
        keptUntil = deadline;
    }

    /** Writes what waits, and returns when the threads have ended. */
    public void close() {
        lanes.forEach(Lane::end);
        side.end();
    }

    /** Who waits for a write is told that it will not be known. The threads that do not end. */
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

    /** What waits for others does so beside the lanes; without threads its caller does, if it has one. */
    private void setAside(Straggler straggler) {
        if (threads || !(straggler.write() instanceof Write.Awaited)) {
            side.add(straggler);
        }
    }

    /** It may have to wait for what others hold, and was not tried alone yet. */
    void setAside(Write write) {
        setAside(straggler(write));
    }

    /** It could not be written for that reason. */
    void setAside(Write write, Throwable error) {
        Straggler straggler = straggler(write);
        if (straggler.failed(error) != Straggler.Outcome.OVER) {
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
     * A transaction has written these, with these effects. An attempt has ended before whoever waits for its execution is woken;
     * callers are answered when what they wrote has begun, so that whoever awaits it then need not ask the database.
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

    /** Acts upon what a committed transaction led to. */
    public void act(CommitEffects effects) {
        try {
            then.accept(effects);
        } catch (Throwable e) { // the edge of a thread: the next writes must find it alive
            LOG.error("the effects of a commit failed in this process; maintenance will repeat them", e);
            transactions.answersMayBeLost();
        }
    }
}
