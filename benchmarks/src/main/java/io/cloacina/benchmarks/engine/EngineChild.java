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

    private EngineChild() {}

    /**
     * What a process is asked to do.
     *
     * @param callers threads that submit and await
     * @param fromMillis from when it counts, by the clock that all processes of a machine share
     * @param untilMillis until when
     */
    record Order(String url, int slots, int callers, long fromMillis, long untilMillis) {}

    /** Reads an order from its input, which may hold a password, and writes how many executions it has counted. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.out.println(count(JSON.readValue(System.in, Order.class)));
    }

    private static long count(Order order) throws InterruptedException {
        AtomicLong counted = new AtomicLong();
        ExecutorService callers = Executors.newFixedThreadPool(order.callers());
        try (Engine engine = Engine.builder(order.url())
                .slots(order.slots())
                .keepForever()
                .workflow(Shape.SINGLE.definition(context -> {}))
                .start()) {
            for (int i = 0; i < order.callers(); i++) {
                callers.execute(() -> call(engine, order, counted));
            }
            callers.shutdown();
            if (!callers.awaitTermination(
                    order.untilMillis() - System.currentTimeMillis() + LONG.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("callers do not end");
            }
        }
        return counted.get();
    }

    private static void call(Engine engine, Order order, AtomicLong counted) {
        Submission one = Submission.of(Shape.SINGLE.label()).input(Map.of("number", 42));
        for (long now = 0; now < order.untilMillis(); now = System.currentTimeMillis()) {
            boolean hasEnded = engine.await(engine.submit(one), LONG).isPresent();
            long then = System.currentTimeMillis();
            if (hasEnded && then >= order.fromMillis() && then < order.untilMillis()) {
                counted.incrementAndGet();
            }
        }
    }
}
