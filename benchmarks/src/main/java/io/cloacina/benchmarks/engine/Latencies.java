package io.cloacina.benchmarks.engine;

import io.cloacina.benchmarks.Samples;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** How long it takes from calling {@code submit} to the return of {@code await}, at a steady rate. */
final class Latencies {
    private static final int AWAITING = 16;

    private Latencies() {}

    /** In milliseconds, each from when it was called. */
    static Samples of(Engine engine, int seconds, int perSecond) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(AWAITING);
        List<Future<Double>> waits = new ArrayList<>();
        Submission one = Submission.of(Shape.SINGLE.label()).input(Map.of("number", 42));
        long between = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long next = System.nanoTime();
        for (int i = 0; i < seconds * perSecond; i++) {
            next += between;
            TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
            waits.add(threads.submit(() -> {
                long begin = System.nanoTime();
                UUID id = engine.submit(one);
                engine.await(id);
                return (System.nanoTime() - begin) / 1e6;
            }));
        }
        double[] millis = new double[waits.size()];
        try {
            for (int i = 0; i < millis.length; i++) {
                millis[i] = waits.get(i).get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("an execution could not be awaited", e);
        } finally {
            threads.shutdownNow();
        }
        return new Samples(millis);
    }
}
