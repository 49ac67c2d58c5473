package io.cloacina.benchmarks.engine;

import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.ExecutionQuery;
import io.cloacina.engine.model.Submission;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** An engine with one workflow, and those who submit to it. */
final class EngineLoad implements Load {
    private static final int FEEDERS = 3;
    private static final long LOOK_NANOS = 200_000;

    private final Shape shape;
    private final Engine engine;
    private final AtomicLong ended = new AtomicLong();
    private long submittedBefore;

    EngineLoad(Shape shape, EngineBuilder builder, int slots) {
        this.shape = shape;
        this.engine = builder.slots(slots)
                .keepForever()
                .workflow(shape.definition(context -> ended.incrementAndGet()))
                .start();
    }

    Engine engine() {
        return engine;
    }

    @Override
    public double seconds(int executions) throws InterruptedException {
        return run(executions, Math.min(shape.group(), executions), FEEDERS);
    }

    /** As {@link #seconds}, with one submission at a time by each of many threads. */
    double secondsOneByOne(int executions, int threads) throws InterruptedException {
        return run(executions, 1, threads);
    }

    private double run(int executions, int together, int threads) throws InterruptedException {
        Submission one = Submission.of(shape.label()).input(Map.of("number", 42));
        AtomicInteger next = new AtomicInteger();
        long before = submittedBefore;
        long begin = System.nanoTime();
        ExecutorService feeders = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> feeding = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                feeding.add(feeders.submit(() -> feed(one, executions, together, next, before)));
            }
            for (Future<?> each : feeding) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("submitting failed", e);
        } finally {
            feeders.shutdownNow();
        }
        submittedBefore += executions;
        while (ended.get() < submittedBefore
                || !engine.count(ExecutionQuery.all().workflow(shape.label()).unfinished())
                        .isZero()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private void feed(Submission one, int executions, int together, AtomicInteger next, long before) {
        for (int from = next.getAndAdd(together); from < executions; from = next.getAndAdd(together)) {
            while (before + from - ended.get() > shape.backlog()) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            int number = Math.min(together, executions - from);
            if (number == 1) {
                engine.submit(one);
            } else {
                engine.submitAll(Collections.nCopies(number, one));
            }
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
