package io.cloacina.examples;

import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;

/** An engine whose metrics are in a registry of Micrometer. */
public final class Monitored {
    private Monitored() {}

    /** A workflow. */
    @Workflow(name = "counted")
    public static class Greeting {
        @Task
        String greet(@Input String name) {
            return "Good morning, " + name;
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        MeterRegistry registry = new SimpleMeterRegistry(); // yours: that of Prometheus, of Spring Boot
        try (Engine engine = Engine.builder(arguments[0])
                .workflow(new Greeting())
                .metrics(MicrometerMetrics.of(registry))
                .start()) {
            engine.await(engine.submit("counted", Map.of("name", "Ada")));
        }
        System.out.println(registry.get("cloacina.executions.ended")
                .tag("status", "completed")
                .counter()
                .count());
    }
}
