package io.cloacina.engine.internal.write;

import io.cloacina.engine.internal.host.Deadline;
import io.cloacina.engine.internal.host.OwnThreads;
import io.cloacina.engine.internal.store.ExecutionStore;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where writes wait that would delay the others of their lane: other transactions hold their locks, or the database
 * refuses them for now. One thread tries them in turn, each alone, new arrivals first. Once a write has met a lock,
 * others with the same idempotency key are passed over in that round.
 */
final class SideLane {
    private static final long IDLE_CHECK_MILLIS = 1_000;

    private final TransientRetry transientRetry;
    private final Function<Write, Straggler> stragglers;
    private final BlockingQueue<Straggler> fresh = new LinkedBlockingQueue<>();
    private final Thread thread;
    // Used by the thread alone.
    private final Deque<Straggler> round = new ArrayDeque<>();
    private final Deque<Straggler> passedOver = new ArrayDeque<>();
    private final Deque<Straggler> tried = new ArrayDeque<>();
    private final Set<ExecutionStore.Key> lockedInRound = new HashSet<>();
    private volatile Set<ExecutionStore.Key> locked = Set.of();
    // All writes that wait here, including the one that is being tried.
    private final Set<Straggler> waiting = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Straggler present;
    private volatile boolean closed;
    private volatile boolean givenUp;

    SideLane(TransientRetry transientRetry, Function<Write, Straggler> stragglers, OwnThreads own) {
        this.transientRetry = transientRetry;
        this.stragglers = stragglers;
        this.thread = new Thread(() -> own.run(OwnThreads.Work.OTHER, this::work), "cloacina-lane-aside");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** Whether a write with one of its keys waits here: then it would have to wait as well. */
    boolean isWaitedFor(Write write) {
        Set<ExecutionStore.Key> known = locked;
        return !known.isEmpty() && !Collections.disjoint(known, write.keys());
    }

    void add(Straggler straggler) {
        waiting.add(straggler);
        fresh.add(straggler);
        // The thread may have looked into the queue for the last time just before.
        if (givenUp || (closed && !thread.isAlive())) {
            refuseWaiting();
        }
    }

    /** For an engine without threads: a thread that writes something else tries each waiting write once. */
    void tryManually() {
        for (int left = fresh.size(); left > 0; left--) {
            Straggler next = fresh.poll();
            if (next != null && !isOver(next.attempt(), next)) {
                fresh.add(next);
            }
        }
    }

    /** Ends the thread when no write waits any more, and returns then. */
    void end() {
        closed = true;
        fresh.add(stragglers.apply(new Write.Barrier()));
        Deadline.NEVER.awaitEnd(thread);
        refuseWaiting();
    }

    /** Refuses waiting writes. The write that is being tried may still be stored: its caller is told so. */
    void giveUp() {
        closed = true;
        givenUp = true;
        Straggler tried = present;
        if (tried != null) {
            tried.write().leftUnknown();
        }
        refuseWaiting();
    }

    Thread thread() {
        return thread;
    }

    private void refuseWaiting() {
        waiting.removeIf(straggler -> {
            if (straggler != present) {
                straggler.write().givenUp(WriteLanes.closed());
            }
            return true;
        });
    }

    private boolean isOver(Straggler.Progress progress, Straggler straggler) {
        if (progress == Straggler.Progress.OVER) {
            waiting.remove(straggler);
            return true;
        }
        return false;
    }

    private void work() {
        int failures = 0;
        while (!givenUp && (!closed || !fresh.isEmpty() || hasWaiting())) {
            try {
                Straggler next = next(failures);
                if (next != null) {
                    failures = turn(next) == Straggler.Progress.LATER ? failures + 1 : 0;
                }
            } catch (InterruptedException e) { // waiting writes are written all the same
                Thread.interrupted();
            }
        }
    }

    private boolean hasWaiting() {
        return !(round.isEmpty() && passedOver.isEmpty() && tried.isEmpty());
    }

    private @Nullable Straggler next(int failures) throws InterruptedException {
        long millis = hasWaiting() ? transientRetry.millisAfter(failures) : IDLE_CHECK_MILLIS;
        Straggler arrived = fresh.poll(millis, TimeUnit.MILLISECONDS);
        if (arrived != null) {
            round.addFirst(arrived);
        } else if (round.isEmpty()) {
            // A write that was passed over comes first: another one of its keys may be locked.
            round.addAll(passedOver);
            round.addAll(tried);
            passedOver.clear();
            tried.clear();
            lockedInRound.clear();
        }
        Straggler next = round.poll();
        if (next != null && !Collections.disjoint(lockedInRound, next.keys())) {
            passedOver.add(next);
            return null;
        }
        return next;
    }

    private Straggler.Progress turn(Straggler next) {
        present = next;
        Straggler.Progress progress = next.attempt();
        if (!isOver(progress, next)) {
            tried.add(next);
        }
        present = null;
        if (progress == Straggler.Progress.LOCKED) {
            lockedInRound.addAll(next.keys());
        }
        if (!next.keys().isEmpty()) {
            Set<ExecutionStore.Key> all = new HashSet<>();
            Stream.of(round, passedOver, tried)
                    .flatMap(Deque::stream)
                    .forEach(straggler -> all.addAll(straggler.keys()));
            locked = Set.copyOf(all);
        }
        return progress;
    }
}
