package io.cloacina.benchmarks.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One of several processes of one database: callers that submit an execution and await it, again and again. */
final class EngineChild {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Longer than an execution takes, unless something is broken. */
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Before it counts: until all callers are at work. */
    private static final long RUN_UP_MILLIS = 3_000;

    private EngineChild() {}

    /**
     * What a process is asked to do. It warms up before the others do or after them, as if it were the only one: a JVM that gets a part of
     * the work from the beginning would still compile when it counts.
     *
     * @param alone threads that submit and await while it warms up
     * @param callers threads that do so while it counts
     * @param aloneFromMillis from when it warms up, by the clock that all processes of a machine share, as all these times
     * @param aloneUntilMillis until when
     * @param fromMillis from when it counts
     * @param untilMillis until when
     */
    record Order(
            String url,
            int slots,
            int alone,
            int callers,
            long aloneFromMillis,
            long aloneUntilMillis,
            long fromMillis,
            long untilMillis) {}

    /** Reads an order from its input, which may hold a password, and writes how many executions it has counted. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.out.println(count(JSON.readValue(System.in, Order.class)));
    }

    private static long count(Order order) throws InterruptedException {
        try (Engine engine = Engine.builder(order.url())
                .slots(order.slots())
                .keepForever()
                .workflow(Shape.SINGLE.definition(context -> {}))
                .start()) {
            count(engine, order.alone(), order.aloneFromMillis(), order.aloneUntilMillis());
            return count(engine, order.callers(), order.fromMillis(), order.untilMillis());
        }
    }

    /** All begin a little before that counts, so that they are at work by then. */
    private static long count(Engine engine, int threads, long from, long until) throws InterruptedException {
        Thread.sleep(Math.max(0, from - RUN_UP_MILLIS - System.currentTimeMillis()));
        AtomicLong counted = new AtomicLong();
        ExecutorService callers = Executors.newFixedThreadPool(threads);
        for (int i = 0; i < threads; i++) {
            callers.execute(() -> call(engine, from, until, counted));
        }
        callers.shutdown();
        if (!callers.awaitTermination(until - System.currentTimeMillis() + LONG.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("callers do not end");
        }
        return counted.get();
    }

    private static void call(Engine engine, long from, long until, AtomicLong counted) {
        Submission one = Submission.of(Shape.SINGLE.label()).input(Map.of("number", 42));
        for (long now = 0; now < until; now = System.currentTimeMillis()) {
            boolean hasEnded = engine.await(engine.submit(one), LONG).isPresent();
            long then = System.currentTimeMillis();
            if (hasEnded && then >= from && then < until) {
                counted.incrementAndGet();
            }
        }
    }
}
