package io.cloacina.examples;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The smallest program: two tasks, one file. It needs no processor. */
public final class Quickstart {
    private Quickstart() {}

    /** No arguments: it keeps its state in the file {@code app.db} of the current folder. */
    public static void main(String[] arguments) {
        WorkflowDefinition weather = WorkflowDefinition.named("weather")
                .task("read", context -> context.put("degrees", List.of(11, 14, 9)))
                .task(
                        "mean",
                        context -> {
                            List<?> degrees = context.get("degrees", List.class);
                            context.put(
                                    "mean",
                                    degrees.stream()
                                            .mapToInt(d -> (Integer) d)
                                            .average()
                                            .orElseThrow());
                        },
                        task -> task.after("read"))
                .build();

        try (Engine engine = Engine.builder("sqlite:app.db").workflow(weather).start()) {
            UUID id = engine.submit("weather", Map.of("city", "Seattle"));
            Execution done = engine.await(id); // COMPLETED
            double mean = engine.context(id).get("mean", Double.class); // 11.33…
            System.out.println(done.status().label() + ": " + Math.round(mean) + " degrees in "
                    + engine.context(id).get("city", String.class));
        }
    }
}
