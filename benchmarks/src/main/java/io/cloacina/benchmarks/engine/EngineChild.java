package io.cloacina.benchmarks.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Submission;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** Before a window: until the engine has started and all callers are at work. */
    static final long RUN_UP_MILLIS = 3_000;

    private EngineChild() {}

    /** When a process works, by the clock that all processes of a machine share, and how many threads submit and await then. */
    record Window(int callers, long fromMillis, long untilMillis) {}

    /** What a process is asked to do: in each of these windows it has an engine, and between them it has none. */
    record Order(String url, int slots, List<Window> windows) {}

    /** Reads an order from its input, which may hold a password, and writes how many executions ended in each window. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Order order = JSON.readValue(System.in, Order.class);
        List<Long> counts = new ArrayList<>();
        for (Window window : order.windows()) {
            Thread.sleep(Math.max(0, window.fromMillis() - RUN_UP_MILLIS - System.currentTimeMillis()));
            counts.add(window.callers() == 0 ? 0 : count(order, window));
        }
        System.out.println(JSON.writeValueAsString(counts));
    }

    private static long count(Order order, Window window) throws InterruptedException {
        try (Engine engine = Engine.builder(order.url())
                .slots(order.slots())
                .keepForever()
                .workflow(Shape.SINGLE.definition(context -> {}))
                .start()) {
            AtomicLong counted = new AtomicLong();
            ExecutorService callers = Executors.newFixedThreadPool(window.callers());
            for (int i = 0; i < window.callers(); i++) {
                callers.execute(() -> call(engine, window, counted));
            }
            callers.shutdown();
            long left = window.untilMillis() - System.currentTimeMillis();
            if (!callers.awaitTermination(left + LONG.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("callers do not end");
            }
            return counted.get();
        }
    }

    private static void call(Engine engine, Window window, AtomicLong counted) {
        Submission one = Submission.of(Shape.SINGLE.label()).input(Map.of("number", 42));
        for (long now = 0; now < window.untilMillis(); now = System.currentTimeMillis()) {
            boolean hasEnded = engine.await(engine.submit(one), LONG).isPresent();
            long then = System.currentTimeMillis();
            if (hasEnded && then >= window.fromMillis() && then < window.untilMillis()) {
                counted.incrementAndGet();
            }
        }
    }
}
