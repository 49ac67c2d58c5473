package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit. A lane is one thread with a queue: it takes all that waits, writes it in one transaction, commits once, and
 * then answers everyone. What is slow about a durable commit is paid once for the group.
 *
 * <p>If a group fails, its members run again one by one, so a bad one harms no other. SQLite has one lane, because it has one
 * writer; PostgreSQL has several, and an execution is always in the same one. An engine that is turned by hand has lanes
 * without threads: whoever writes does it.
 */
final class WriteLanes implements AutoCloseable {
    static final int MAX_GROUP = 256;

    private static final Logger LOG = LoggerFactory.getLogger(WriteLanes.class);

    /** More would make the groups smaller and the server busier with commits. */
    private static final int POSTGRES_LANES =
            Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

    private static final long IDLE_CHECK_MILLIS = 1_000;

    private final Database database;
    private final Walk walk;
    private final Lease lease;
    private final Slots slots;
    private final Waiting waiting;
    private final Patience patience;
    private final Consumer<Effects> then;
    private final boolean threads;
    private final List<Lane> lanes;
    private final AtomicBoolean lostAnswers = new AtomicBoolean();
    private final AtomicBoolean nudged = new AtomicBoolean();
    private final AtomicInteger turn = new AtomicInteger();
    private final Runnable afterwards;
    private volatile boolean claiming = true;
    private volatile boolean closed;

    /**
     * Lanes without threads if whoever writes does something afterwards.
     *
     * @param then acts upon the effects of each committed transaction
     * @param afterwards is done by whoever wrote; null for lanes with threads
     */
    WriteLanes(
            Machinery.Parts parts,
            Walk walk,
            Patience patience,
            Consumer<Effects> then,
            @Nullable Runnable afterwards) {
        this.database = parts.database();
        this.walk = walk;
        this.lease = parts.lease();
        this.slots = parts.slots();
        this.waiting = parts.waiting();
        this.patience = patience;
        this.then = then;
        this.threads = afterwards == null;
        this.afterwards = afterwards == null ? () -> {} : afterwards;
        int number = database.backend() == Backend.SQLITE || !threads ? 1 : POSTGRES_LANES;
        this.lanes = IntStream.range(0, number).mapToObj(Lane::new).toList();
    }

    void start() {
        if (threads) {
            lanes.forEach(lane -> lane.thread.start());
        }
    }

    /**
     * Writes with others in one transaction, and returns when that is committed. The work may run more than once before that;
     * it must have no effect but those of its transaction, its result and what it tells the effects.
     *
     * @throws RuntimeException what the work threw; nothing of it is stored then
     */
    <R> R call(UniversalUuid execution, BiFunction<WriteTransaction, Effects, R> work) {
        return write(new Write.Call<>(execution, work));
    }

    /** As {@link #call}. */
    <R> R write(Write.Awaited<R> write) {
        requireNoTransaction(database);
        add(write);
        return write.result();
    }

    /** Refuses what would wait for a transaction of this very thread. */
    static void requireNoTransaction(Database database) {
        if (database.isHeldByThisThread()) {
            throw new CloacinaException(
                    "IN_TRANSACTION",
                    "this thread is in a transaction, of a transactional task or of the application, for which the engine's own"
                            + " would wait forever on SQLite: submit with submit(transaction, ...) or"
                            + " submit(connection, ...); do anything else when the transaction has ended, such as in"
                            + " another task");
        }
    }

    /** Writes with others in one transaction, at some time soon. */
    void add(Write write) {
        Lane lane = lanes.get(Math.floorMod(write.execution().hashCode(), lanes.size()));
        lane.add(write);
    }

    /** Makes a transaction happen, unless one is about to: what waits is claimed by it. */
    void nudge() {
        // Without a claim what waits would go on waiting, and whoever sees that would nudge again.
        if (claiming && nudged.compareAndSet(false, true)) {
            lanes.get(Math.floorMod(turn.getAndIncrement(), lanes.size())).add(new Write.Nudge());
        }
    }

    /**
     * Runs the body of a transactional task and records its end in one transaction. If the claim is lost then, nothing of
     * either stays.
     *
     * @param body returns how the attempt ended; may run again when the transaction lost against another
     */
    void writeWithBody(Finishing body) {
        Effects effects = patience.keepTrying(
                "committing a transactional task",
                () -> attempt(1, (transaction, now) -> {
                    Finish finish = body.run(transaction);
                    walk.run(transaction, List.of(new Write.Ended(finish, done -> {}, (done, e) -> {})), now);
                    if (!now.recorded().contains(finish)) {
                        throw new LostClaimException(finish.claim());
                    }
                }));
        then.accept(effects);
    }

    /** The user's part of a transaction. */
    interface Finishing {
        Finish run(WriteTransaction transaction);
    }

    /** The claim of a transactional task is gone, so nothing of its transaction may stay. */
    static final class LostClaimException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostClaimException(Claim claim) {
            super("attempt " + claim.attempt() + " of task '" + claim.taskName() + "' is not this runner's any more");
        }
    }

    /** Whether the answer to a commit may have been lost since this was asked last: then something may be held unknowingly. */
    boolean mayHaveLostAnswers() {
        return lostAnswers.getAndSet(false);
    }

    /** Whether transactions claim from now on. */
    void claim(boolean allowed) {
        claiming = allowed;
    }

    /** Waits until all that was added before is written and acted upon. */
    void settle() {
        List<Write.Barrier> barriers = new ArrayList<>();
        for (Lane lane : lanes) {
            // None is alive when the engine is closed because it could not start.
            if (lane.thread.isAlive()) {
                Write.Barrier barrier = new Write.Barrier();
                barriers.add(barrier);
                lane.add(barrier);
            }
        }
        barriers.forEach(Write.Barrier::result);
    }

    /** Writes what waits, then ends the threads. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = false;
        for (Lane lane : lanes) {
            interrupted |= lane.end();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Effects attempt(int lent, BiConsumer<WriteTransaction, Effects> work) {
        UniversalUuid runner = lease.runner();
        try {
            return attemptOnce(lent, work);
        } catch (DatabaseException e) {
            // Claims refer to the runner. If others took it for dead, this process comes back as a new one first.
            if (e.kind() != ErrorKind.FOREIGN_KEY || !lease.wasLost(runner)) {
                throw e;
            }
            return attemptOnce(lent, work);
        }
    }

    private Effects attemptOnce(int lent, BiConsumer<WriteTransaction, Effects> work) {
        Effects effects = new Effects(slots, waiting, claiming, lent);
        boolean committed = false;
        try {
            database.write(transaction -> {
                work.accept(transaction, effects);
                return effects;
            });
            committed = true;
            return effects;
        } catch (DatabaseException e) {
            if (e.kind() == ErrorKind.CONNECTION) {
                lostAnswers.set(true);
            }
            throw e;
        } finally {
            if (!committed) {
                effects.rolledBack(lent);
            }
        }
    }

    /** What ended frees its slot with the commit, and the same transaction may fill it again. */
    private static int lent(List<Write> group) {
        return (int) group.stream().filter(Write.Ended.class::isInstance).count();
    }

    private final class Lane {
        private final BlockingQueue<Write> queue = new LinkedBlockingQueue<>();
        private final Thread thread;
        private boolean isDraining;

        Lane(int number) {
            // A platform thread: the SQLite driver pins its carrier.
            thread = new Thread(this::work, "cloacina-lane-" + number);
            thread.setDaemon(true);
        }

        private void work() {
            List<Write> group = new ArrayList<>();
            while (!closed || !queue.isEmpty()) {
                try {
                    Write first = queue.poll(IDLE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
                    if (first == null) {
                        continue;
                    }
                    group.add(first);
                    queue.drainTo(group, MAX_GROUP - 1);
                    commit(group);
                    group.clear();
                } catch (InterruptedException e) {
                    closed = true;
                }
            }
        }

        private void add(Write write) {
            if (!threads && !closed) {
                writeByHand(write);
                return;
            }
            queue.add(write);
            // The thread may have looked into the queue for the last time just before.
            if (closed && !thread.isAlive()) {
                refuseWaiting();
            }
        }

        private void writeByHand(Write write) {
            if (drain(write)) {
                afterwards.run();
            }
        }

        /** What a write leads to may add further ones: they are written after it, by the same caller. False for these. */
        private synchronized boolean drain(Write write) {
            queue.add(write);
            if (isDraining) {
                return false;
            }
            isDraining = true;
            try {
                for (Write next = queue.poll(); next != null; next = queue.poll()) {
                    commit(new ArrayList<>(List.of(next)));
                }
            } finally {
                isDraining = false;
            }
            return true;
        }

        private boolean end() {
            if (!threads) {
                return false;
            }
            queue.add(new Write.Nudge());
            try {
                thread.join();
                refuseWaiting();
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        }

        private void refuseWaiting() {
            for (Write write = queue.poll(); write != null; write = queue.poll()) {
                write.failed(new CloacinaException("ENGINE_CLOSED", "the engine is closed; nothing was stored"));
            }
        }

        private void commit(List<Write> group) {
            if (group.stream().anyMatch(Write.Nudge.class::isInstance)) {
                nudged.set(false);
            }
            if (group.stream().allMatch(Write.Barrier.class::isInstance)) {
                group.forEach(Write::committed);
                return;
            }
            // In the order of the executions: groups of two processes then lock common rows in the same order.
            group.sort(Comparator.comparing(Write::execution));
            Effects effects;
            try {
                effects = patience.keepTrying(
                        "committing " + group.size() + " writes",
                        () -> attempt(lent(group), (transaction, now) -> walk.run(transaction, group, now)));
            } catch (Throwable e) { // the edge of a thread: whatever a write throws goes to its caller
                if (group.size() == 1 || isAway(e)) {
                    group.forEach(write -> write.failed(e));
                } else {
                    group.forEach(write -> commit(new ArrayList<>(List.of(write))));
                }
                return;
            }
            group.forEach(Write::committed);
            act(effects);
        }

        /** That the database is away when the engine closes is the fault of no member. */
        private boolean isAway(Throwable e) {
            return e instanceof DatabaseException away && away.kind() == ErrorKind.CONNECTION;
        }

        private void act(Effects effects) {
            try {
                then.accept(effects);
            } catch (Throwable e) { // the edge of a thread: the next writes must find it alive
                LOG.error("what was committed could not be acted upon; upkeep finds what was missed", e);
                lostAnswers.set(true);
            }
        }
    }
}
