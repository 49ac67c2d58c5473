package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where writes wait that would hold up the others of their lane: others hold what they need, or the database does not take
 * them now. One thread tries them in turn, each alone, those first that have just come; of those that wait for the same key of
 * a submission it tries one in each round.
 */
final class SideLane {
    private static final long IDLE_CHECK_MILLIS = 1_000;

    private final Patience patience;
    private final Function<Write, Straggler> stragglers;
    private final BlockingQueue<Straggler> fresh = new LinkedBlockingQueue<>();
    private final Thread thread;
    // Used by the thread alone.
    private final Deque<Straggler> round = new ArrayDeque<>();
    private final Deque<Straggler> passedOver = new ArrayDeque<>();
    private final Deque<Straggler> tried = new ArrayDeque<>();
    private final Set<ExecutionStore.Key> lockedInRound = new HashSet<>();
    private volatile Set<ExecutionStore.Key> locked = Set.of();
    private volatile boolean closed;

    SideLane(Patience patience, Function<Write, Straggler> stragglers) {
        this.patience = patience;
        this.stragglers = stragglers;
        this.thread = new Thread(this::work, "cloacina-lane-aside");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** Whether others with one of its keys wait here: then it would have to wait as well. */
    boolean isWaitedFor(Write write) {
        Set<ExecutionStore.Key> known = locked;
        return !known.isEmpty() && !Collections.disjoint(known, write.keys());
    }

    void add(Straggler straggler) {
        fresh.add(straggler);
        // The thread may have looked for the last time just before.
        if (closed && !thread.isAlive()) {
            refuseWaiting();
        }
    }

    /** Without a thread: each is tried once, by whoever writes something else. */
    void tryByHand() {
        for (int left = fresh.size(); left > 0; left--) {
            Straggler next = fresh.poll();
            if (next != null && next.attempt() != Straggler.Outcome.OVER) {
                fresh.add(next);
            }
        }
    }

    /** Ends when nothing waits any more. True if this was interrupted meanwhile. */
    boolean end() {
        closed = true;
        fresh.add(stragglers.apply(new Write.Barrier()));
        try {
            thread.join();
            refuseWaiting();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void refuseWaiting() {
        for (Straggler left = fresh.poll(); left != null; left = fresh.poll()) {
            left.write().givenUp(new CloacinaException("ENGINE_CLOSED", "the engine is closed; nothing was stored"));
        }
    }

    private void work() {
        int failures = 0;
        while (!closed || !fresh.isEmpty() || hasWaiting()) {
            try {
                Straggler next = next(failures);
                if (next != null) {
                    failures = turn(next) == Straggler.Outcome.LATER ? failures + 1 : 0;
                }
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    private boolean hasWaiting() {
        return !(round.isEmpty() && passedOver.isEmpty() && tried.isEmpty());
    }

    private @Nullable Straggler next(int failures) throws InterruptedException {
        long millis = hasWaiting() ? patience.millisAfter(failures) : IDLE_CHECK_MILLIS;
        Straggler arrived = fresh.poll(millis, TimeUnit.MILLISECONDS);
        if (arrived != null) {
            round.addFirst(arrived);
        } else if (round.isEmpty()) {
            // Who was passed over comes first: it may wait for another of its keys.
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

    private Straggler.Outcome turn(Straggler next) {
        Straggler.Outcome outcome = next.attempt();
        if (outcome != Straggler.Outcome.OVER) {
            tried.add(next);
        }
        if (outcome == Straggler.Outcome.LOCKED) {
            lockedInRound.addAll(next.keys());
        }
        if (!next.keys().isEmpty()) {
            Set<ExecutionStore.Key> all = new HashSet<>();
            Stream.of(round, passedOver, tried)
                    .flatMap(Deque::stream)
                    .forEach(straggler -> all.addAll(straggler.keys()));
            locked = Set.copyOf(all);
        }
        return outcome;
    }
}
