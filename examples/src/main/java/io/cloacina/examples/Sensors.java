package io.cloacina.examples;

import io.cloacina.api.annotation.From;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Retry;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.TaskExecution;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Failures: some errors are retried, others fail at once, and after a repair the execution continues. */
public final class Sensors {
    private Sensors() {}

    /** Reads a sensor over a line that is bad, and reports. */
    @Workflow(name = "measure")
    public static class Measuring {
        private final AtomicInteger calls = new AtomicInteger();
        private final Set<String> mounted = ConcurrentHashMap.newKeySet();

        @Task(
                retry = @Retry(maxAttempts = 4, delay = "50ms", maxDelay = "5s", jitter = 0.2, on = IOException.class),
                timeout = "2s")
        double read(@Input String sensor) throws IOException {
            if (!mounted.contains(sensor)) {
                throw new IllegalStateException("there is no sensor " + sensor);
            }
            if (calls.incrementAndGet() < 3) {
                throw new IOException("the line is bad");
            }
            return 21.5;
        }

        @Task
        String report(@Input String sensor, @From("read") double celsius) {
            return sensor + ": " + celsius + " degrees";
        }

        /** From now on it can be read. */
        public void mount(String sensor) {
            mounted.add(sensor);
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        Measuring measuring = new Measuring();
        measuring.mount("attic");
        try (Engine engine = Engine.builder(arguments[0]).workflow(measuring).start()) {
            UUID attic = engine.submit("measure", Map.of("sensor", "attic"));
            engine.await(attic);
            System.out.println(engine.context(attic).get("report", String.class));
            System.out.println("read in " + engine.tasks(attic).get(0).attempt() + " attempts");

            UUID cellar = engine.submit("measure", Map.of("sensor", "cellar"));
            System.out.println(engine.await(cellar).status().label());
            for (TaskExecution task : engine.tasks(cellar)) {
                System.out.println(task.name() + " " + task.status().label() + " on attempt " + task.attempt());
            }

            measuring.mount("cellar");
            engine.retry(cellar);
            System.out.println(engine.await(cellar).status().label());
            System.out.println(engine.context(cellar).get("report", String.class));
        }
    }
}
