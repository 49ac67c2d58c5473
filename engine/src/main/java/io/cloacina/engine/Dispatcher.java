package io.cloacina.engine;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.database.DatabaseException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loop that claims and the threads that run: as many tasks at once as there are slots. */
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Signals wake the loop; polling is for tasks that fall due and for what other processes do. */
    private static final long POLL_MILLIS = 500;

    /** How long a body may take to notice that it is interrupted. */
    private static final long INTERRUPT_MILLIS = 2_000;

    private final int slots;
    private final WriteLanes lanes;
    private final TaskRunner runner;
    private final Committer committer;
    private final Completions completions;
    private final CountDownLatch closing;
    private final ExecutorService bodies;
    private final Semaphore signals = new Semaphore(0);
    private final AtomicInteger running = new AtomicInteger();
    private Set<Claim> seenOrphaned = Set.of();
    private final Set<Claim> underWay = ConcurrentHashMap.newKeySet();
    private final Thread loop = new Thread(this::run, "cloacina-claimer");

    Dispatcher(
            int slots,
            WriteLanes lanes,
            TaskRunner runner,
            Committer committer,
            Completions completions,
            CountDownLatch closing) {
        this.slots = slots;
        this.lanes = lanes;
        this.runner = runner;
        this.committer = committer;
        this.completions = completions;
        this.closing = closing;
        AtomicInteger number = new AtomicInteger();
        this.bodies = Executors.newFixedThreadPool(slots, work -> {
            Thread thread = new Thread(work, "cloacina-task-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        loop.setDaemon(true);
    }

    void start() {
        loop.start();
    }

    /** Says that there may be something to claim. */
    void wake() {
        signals.release();
    }

    /**
     * Stops claiming, waits for running tasks, interrupts those that do not end in time, and gives them back. {@link #closing}
     * is already counted down.
     */
    void close(long graceMillis) {
        lanes.stopClaiming();
        wake();
        try {
            loop.join();
            bodies.shutdown();
            if (!bodies.awaitTermination(graceMillis, TimeUnit.MILLISECONDS)) {
                interruptBodies();
            }
        } catch (InterruptedException e) {
            interruptBodies();
            Thread.currentThread().interrupt();
        }
        // What still runs ignores the interrupt; its claim is given back under it, so its commit will find it gone.
        underWay.forEach(this::release);
    }

    /** First the interrupt, then the release: nobody else begins a task while its body runs here. */
    private void interruptBodies() {
        runner.giveUp();
        bodies.shutdownNow();
        try {
            bodies.awaitTermination(INTERRUPT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Gives back what this runner holds in the database and nobody here runs: a commit could not be made, or its answer was
     * lost. What is just being claimed looks the same for a moment, so only what was seen twice is given back.
     */
    void releaseOrphans(List<Claim> heldInDatabase) {
        Set<Claim> orphans = new HashSet<>(heldInDatabase);
        orphans.removeAll(underWay);
        for (Claim claim : orphans) {
            if (seenOrphaned.contains(claim)) {
                LOG.warn(
                        "task '{}' of execution {} is run by nobody: it may run again",
                        claim.taskName(),
                        claim.execution());
                release(claim);
                wake();
            }
        }
        seenOrphaned = orphans;
    }

    private void run() {
        while (closing.getCount() > 0) {
            try {
                int free = slots - running.get();
                List<Claimer.Claimed> claimed = free > 0 ? lanes.claim(free) : List.of();
                claimed.forEach(this::begin);
                if (claimed.isEmpty() || claimed.size() == free) {
                    long jitter = ThreadLocalRandom.current().nextLong(POLL_MILLIS / 4);
                    signals.tryAcquire(POLL_MILLIS + jitter, TimeUnit.MILLISECONDS);
                }
                signals.drainPermits();
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) { // the edge of a thread: the loop must outlive whatever happens in it
                LOG.error("claiming tasks failed", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            closing.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin(Claimer.Claimed claimed) {
        running.incrementAndGet();
        underWay.add(claimed.claim());
        bodies.execute(() -> {
            try {
                workOn(claimed);
            } catch (Throwable e) { // the edge of a thread; the heartbeat gives back what it held
                LOG.error("a task could not be committed", e);
            } finally {
                running.decrementAndGet();
                wake();
            }
        });
    }

    /** Runs one task after the other in the same slot, as long as a commit brings a next one. */
    private void workOn(Claimer.Claimed first) {
        Claimer.@Nullable Claimed claimed = first;
        while (claimed != null) {
            WriteLanes.@Nullable Answer<Planner.Outcome> answer;
            try {
                answer = runner.run(claimed.claim(), claimed.workflow());
            } finally {
                underWay.remove(claimed.claim());
            }
            if (answer == null) {
                return;
            }
            // A commit asks for one task: that is what the slot has room for.
            Claimer.Claimed next =
                    answer.claimed().isEmpty() ? null : answer.claimed().get(0);
            if (next != null) {
                underWay.add(next.claim());
            }
            if (answer.written().executionFinished()) {
                completions.finished(claimed.claim().execution());
            }
            if (answer.written().madeReady() > answer.claimed().size()) {
                wake();
            }
            claimed = next;
        }
    }

    private void release(Claim claim) {
        try {
            committer.release(claim);
        } catch (DatabaseException | CloacinaException e) {
            LOG.warn("task '{}' could not be given back; its lease will run out", claim.taskName(), e);
        }
    }
}
