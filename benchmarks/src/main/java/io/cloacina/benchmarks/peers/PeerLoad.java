package io.cloacina.benchmarks.peers;

import io.cloacina.benchmarks.Meter;
import io.cloacina.benchmarks.Samples;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Those who submit to a library, and what is measured meanwhile. */
final class PeerLoad {
    private static final int GROUP = 100;
    private static final int GROUP_CALLERS = 3;
    private static final int CALLERS = 64;
    private static final int LOW_LOAD_PER_SECOND = 50;
    private static final long LOOK_MILLIS = 2;
    private static final long MOST_SECONDS = 180;

    private final Contender contender;
    private final Peer peer;
    private final Ledger ledger;
    private final Meter meter;
    private int notOnce;

    PeerLoad(Contender contender, Peer peer, Ledger ledger, Meter meter) {
        this.contender = contender;
        this.peer = peer;
        this.ledger = ledger;
        this.meter = meter;
    }

    /**
     * What was measured.
     *
     * @param rate jobs that ended in a second of the window
     * @param cpuSeconds for 1,000 steps, from the first submission to the last end
     * @param commits for 1,000 steps, likewise
     */
    record Throughput(double rate, double cpuSeconds, double commits) {}

    /** Jobs so far whose steps did not run exactly once each. */
    int notOnce() {
        return notOnce;
    }

    /** Under full load, which lasts for a warm-up and a window; after it everything has to end. */
    Throughput throughput(Part part, PeersSettings settings) throws SQLException, IOException, InterruptedException {
        Work work = part.work();
        boolean together = part == Part.BATCH;
        int from = ledger.taken();
        Meter.Reading before = meter.read();
        AtomicBoolean stop = new AtomicBoolean();
        int callers = together ? GROUP_CALLERS : CALLERS;
        ledger.limit(contender.backlog(work, settings.backlog()));
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        List<Future<?>> feeding = new ArrayList<>();
        double rate;
        try {
            for (int i = 0; i < callers; i++) {
                feeding.add(threads.submit(() -> feed(work, together ? GROUP : 1, stop)));
            }
            awaitEnded(ledger.ended() + 1, feeding);
            TimeUnit.MILLISECONDS.sleep(settings.warmupMillis());
            long endedBefore = ledger.ended();
            long begin = System.nanoTime();
            TimeUnit.MILLISECONDS.sleep(settings.windowMillis());
            rate = (ledger.ended() - endedBefore) / ((System.nanoTime() - begin) / 1e9);
            stop.set(true);
            finish(feeding);
        } finally {
            stop.set(true);
            threads.shutdownNow();
        }
        drain();
        Meter.Reading after = meter.read();
        int to = ledger.taken();
        notOnce += ledger.notOnce(from, to, work.steps());
        double steps = (double) (to - from) * work.steps();
        return new Throughput(
                rate,
                (after.cpuSeconds() - before.cpuSeconds()) / steps * 1_000,
                (after.commits() - before.commits() - meter.commitsOfReading()) / steps * 1_000);
    }

    private Void feed(Work work, int together, AtomicBoolean stop) throws Exception {
        ledger.awaitRoom(together);
        while (!stop.get()) {
            if (together == 1) {
                peer.submit(work, ledger.take(1));
            } else {
                peer.submitAll(ledger.take(together), together);
            }
            ledger.awaitRoom(together);
        }
        // For the next caller that waits: it, too, has to see the end.
        ledger.giveRoom(together);
        return null;
    }

    /** Milliseconds from a submission to knowing that its end is stored, at low load. */
    Samples latency(int seconds) throws SQLException, InterruptedException {
        int from = ledger.taken();
        int count = seconds * LOW_LOAD_PER_SECOND;
        double[] millis = new double[count];
        // Each waits in a thread of its own: there are as many as a library that polls makes wait.
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> waits = new ArrayList<>();
        try {
            long between = TimeUnit.SECONDS.toNanos(1) / LOW_LOAD_PER_SECOND;
            long next = System.nanoTime();
            for (int i = 0; i < count; i++) {
                next += between;
                TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
                int place = i;
                waits.add(threads.submit(() -> {
                    long begin = System.nanoTime();
                    peer.submitAndAwait(ledger.take(1));
                    millis[place] = (System.nanoTime() - begin) / 1e6;
                    return null;
                }));
            }
            finish(waits);
        } finally {
            threads.shutdownNow();
        }
        drain();
        notOnce += ledger.notOnce(from, ledger.taken(), Work.SINGLE.steps());
        return new Samples(millis);
    }

    private static void finish(List<Future<?>> all) throws InterruptedException {
        try {
            for (Future<?> each : all) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a submission failed", e);
        }
    }

    /** Waits until all that was submitted has ended, here and in the tables. */
    private void drain() throws SQLException, InterruptedException {
        awaitEnded(ledger.taken(), List.of());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (peer.unfinished() > 0) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(peer.unfinished() + " jobs of " + contender.label()
                        + " are not finished in its tables although all have run");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    private void awaitEnded(long number, List<Future<?>> feeding) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (ledger.ended() < number) {
            finish(feeding.stream().filter(Future::isDone).toList());
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        contender.label() + " ran " + ledger.ended() + " jobs to their end, not " + number);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}
