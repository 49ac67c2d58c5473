package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.database.WriteTransaction;
import io.cloacina.schema.type.Backend;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Group commit. A lane is one thread with a queue: it takes all that waits, writes it in one transaction, commits once, and
 * then answers everyone. What is slow about a durable commit is paid once for the group.
 *
 * <p>If a group fails, its members run again one by one, so a bad one harms no other. SQLite has one lane, because it has one
 * writer; PostgreSQL has several, and an execution is always in the same one.
 */
final class WriteLanes implements AutoCloseable {
    static final int MAX_GROUP = 256;
    private static final int POSTGRES_LANES = 4;
    private static final long IDLE_CHECK_MILLIS = 1_000;

    private final Database database;
    private final Claimer claimer;
    private final Patience patience;
    private final List<Lane> lanes;
    private volatile boolean claiming = true;
    private volatile boolean closed;

    WriteLanes(Database database, Claimer claimer, Patience patience) {
        this.database = database;
        this.claimer = claimer;
        this.patience = patience;
        int number = database.backend() == Backend.SQLITE ? 1 : POSTGRES_LANES;
        this.lanes = IntStream.range(0, number).mapToObj(Lane::new).toList();
    }

    void start() {
        lanes.forEach(lane -> lane.thread.start());
    }

    /**
     * Runs a write of one execution with others in one transaction, and returns when that is committed. The write may run more
     * than once before that; it must have no effect but those of its transaction and its result.
     *
     * @throws RuntimeException what the write threw; nothing of it is stored then
     */
    <R> R write(UniversalUuid execution, Function<WriteTransaction, R> write) {
        return writeAndClaim(execution, 0, write).written();
    }

    /**
     * As {@link #write}, and in the same transaction claims at most that many tasks for this runner: those that the write made
     * ready, or any other. So going on to the next task costs no commit of its own.
     */
    <R> Answer<R> writeAndClaim(UniversalUuid execution, int slots, Function<WriteTransaction, R> write) {
        Member<R> member = new Member<>(execution, slots, write);
        lanes.get(Math.floorMod(execution.hashCode(), lanes.size())).add(member);
        return member.result();
    }

    /** Claims at most that many tasks for this runner. */
    List<Claimer.Claimed> claim(int slots) {
        return writeAndClaim(UniversalUuid.v7(), slots, transaction -> true).claimed();
    }

    /** From now on nothing is claimed any more. */
    void stopClaiming() {
        claiming = false;
    }

    /** What a write returned, and what was claimed with it. */
    record Answer<R>(R written, List<Claimer.Claimed> claimed) {}

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

    /** One write and the caller that waits for it. */
    private static final class Member<R> {
        private final UniversalUuid execution;
        private final int slots;
        private final Function<WriteTransaction, R> write;
        private final CompletableFuture<Answer<R>> answer = new CompletableFuture<>();
        private @Nullable R written;
        private List<Claimer.Claimed> claimed = List.of();

        Member(UniversalUuid execution, int slots, Function<WriteTransaction, R> write) {
            this.execution = execution;
            this.slots = slots;
            this.write = write;
        }

        void run(WriteTransaction transaction) {
            written = write.apply(transaction);
        }

        @SuppressWarnings("NullAway") // only answered after run, which wrote it
        void committed() {
            answer.complete(new Answer<>(written, claimed));
        }

        void failed(Throwable error) {
            answer.completeExceptionally(error);
        }

        Answer<R> result() {
            try {
                return answer.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw e;
            }
        }
    }

    private final class Lane {
        private final BlockingQueue<Member<?>> queue = new LinkedBlockingQueue<>();
        private final Thread thread;

        Lane(int number) {
            // A platform thread: the SQLite driver pins its carrier.
            thread = new Thread(this::work, "cloacina-lane-" + number);
            thread.setDaemon(true);
        }

        private void work() {
            List<Member<?>> group = new ArrayList<>();
            while (!closed || !queue.isEmpty()) {
                try {
                    Member<?> first = queue.poll(IDLE_CHECK_MILLIS, TimeUnit.MILLISECONDS);
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

        private void add(Member<?> member) {
            queue.add(member);
            // The thread may have looked into the queue for the last time just before.
            if (closed && !thread.isAlive()) {
                refuseWaiting();
            }
        }

        private boolean end() {
            queue.add(new Member<>(UniversalUuid.NIL, 0, transaction -> true));
            try {
                thread.join();
                refuseWaiting();
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        }

        private void refuseWaiting() {
            for (Member<?> member = queue.poll(); member != null; member = queue.poll()) {
                member.failed(new CloacinaException("the engine is closed; nothing was stored"));
            }
        }

        private void commit(List<Member<?>> group) {
            // In the order of the executions: groups of two processes then lock common rows in the same order.
            group.sort(Comparator.comparing(member -> member.execution));
            try {
                patience.keepTrying(
                        "committing " + group.size() + " writes",
                        () -> database.write(transaction -> {
                            group.forEach(member -> member.run(transaction));
                            claimFor(group, transaction);
                            return group;
                        }));
                group.forEach(Member::committed);
            } catch (Throwable e) { // the edge of a thread: whatever a write throws goes to its caller
                if (group.size() == 1) {
                    group.get(0).failed(e);
                } else {
                    group.forEach(member -> commit(new ArrayList<>(List.of(member))));
                }
            }
        }

        /** One claim for the whole group, after all its writes: nothing is locked after it in the order of executions. */
        private void claimFor(List<Member<?>> group, WriteTransaction transaction) {
            int wanted = !claiming
                    ? 0
                    : group.stream().mapToInt(member -> member.slots).sum();
            List<Claimer.Claimed> claimed = wanted == 0 ? List.of() : claimer.claim(transaction, wanted);
            int from = 0;
            for (Member<?> member : group) {
                int to = Math.min(claimed.size(), from + member.slots);
                member.claimed = claimed.subList(from, to);
                from = to;
            }
        }
    }
}
