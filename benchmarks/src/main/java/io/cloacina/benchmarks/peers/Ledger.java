package io.cloacina.benchmarks.peers;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what ran, outside of the library that ran it. Jobs are numbered from 0 in the order in which they are submitted. */
final class Ledger {
    private static final int MOST_JOBS = 8_000_000;

    private final AtomicIntegerArray steps = new AtomicIntegerArray(MOST_JOBS);
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicLong ended = new AtomicLong();
    private volatile Semaphore room = new Semaphore(0);
    private final Map<Integer, CompletableFuture<Void>> watched = new ConcurrentHashMap<>();

    /** The first of so many numbers that nobody else is given. */
    int take(int count) {
        int first = numbers.getAndAdd(count);
        if (first > MOST_JOBS - count) {
            throw new IllegalStateException("more than " + MOST_JOBS + " jobs were submitted; measure a shorter time");
        }
        return first;
    }

    /** Numbers given so far. */
    int taken() {
        return numbers.get();
    }

    /** A step of a job ran that is not its last. */
    void ran(int number) {
        steps.incrementAndGet(number);
    }

    /** The last step of a job ran. Its end need not be stored yet. */
    void ranLast(int number) {
        steps.incrementAndGet(number);
        ended.incrementAndGet();
        room.release();
    }

    /** Last steps that ran. */
    long ended() {
        return ended.get();
    }

    /** From now on so many jobs may be under way. Nothing is under way yet. */
    void limit(int backlog) {
        room = new Semaphore(backlog);
    }

    /** Waits until so many more jobs may be under way; without a thread that looks again and again, which would be measured. */
    void awaitRoom(int count) throws InterruptedException {
        room.acquire(count);
    }

    /** So many jobs are not submitted after all. */
    void giveRoom(int count) {
        room.release(count);
    }

    /** Is completed when {@link #stored} is called for that job. */
    CompletableFuture<Void> watch(int number) {
        return watched.computeIfAbsent(number, any -> new CompletableFuture<>());
    }

    /** The library says that the end of a job is stored. */
    void stored(int number) {
        CompletableFuture<Void> watch = watched.remove(number);
        if (watch != null) {
            watch.complete(null);
        }
    }

    /** How many of the jobs from one number to another, which is not included, did not run all their steps exactly once. */
    int notOnce(int from, int to, int expected) {
        int wrong = 0;
        for (int number = from; number < to; number++) {
            if (steps.get(number) != expected) {
                wrong++;
            }
        }
        return wrong;
    }
}
