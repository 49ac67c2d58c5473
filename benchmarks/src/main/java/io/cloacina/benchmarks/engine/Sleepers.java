package io.cloacina.benchmarks.engine;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.benchmarks.Samples;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Many executions that sleep for long, and some that sleep for a moment. */
final class Sleepers implements AutoCloseable {
    private static final int GROUP = 500;
    private static final int SAMPLES = 300;
    private static final Duration MOMENT = Duration.ofMillis(400);
    private static final long BETWEEN_MILLIS = 15;

    private final List<Double> late = Collections.synchronizedList(new ArrayList<>());
    private final Engine engine;

    Sleepers(EngineBuilder builder, int slots) {
        engine = builder.slots(slots)
                .workflow(WorkflowDefinition.named("sleep")
                        .version("1")
                        .task(
                                "sleep",
                                context -> late.add(Duration.between(context.get("due", Instant.class), Instant.now())
                                                .toNanos()
                                        / 1e6),
                                task -> task.sleepUntil(context -> context.get("due", Instant.class)))
                        .build())
                .start();
    }

    /** Stores that many, and returns when all of them sleep. */
    void store(int number) throws InterruptedException {
        Submission tomorrow =
                Submission.of("sleep").input(Map.of("due", Instant.now().plus(Duration.ofDays(1))));
        UUID last = null;
        for (int i = 0; i < number; i += GROUP) {
            List<UUID> ids = engine.submitAll(Collections.nCopies(Math.min(GROUP, number - i), tomorrow));
            last = ids.get(ids.size() - 1);
        }
        while (last != null && engine.tasks(last).get(0).dueAt() == null) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** How many milliseconds after its time a task begins. */
    Samples lateness() throws InterruptedException {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            ids.add(engine.submit("sleep", Map.of("due", Instant.now().plus(MOMENT))));
            TimeUnit.MILLISECONDS.sleep(BETWEEN_MILLIS);
        }
        ids.forEach(engine::await);
        return new Samples(late.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public void close() {
        engine.close();
    }
}
