package io.cloacina.compatibility;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.testing.TestEngine;
import java.util.Map;

/** A program with a workflow on a database: says how that went. */
final class Greeting {
    private Greeting() {}

    /** Argument: the URL of the database. */
    public static void main(String[] arguments) {
        WorkflowDefinition greeting = WorkflowDefinition.named("greeting")
                .task("greet", context -> context.put("text", "hello " + context.get("name", String.class)))
                .build();
        try (TestEngine engine = TestEngine.on(arguments[0]).workflow(greeting).start()) {
            System.out.println(engine.run("greeting", Map.of("name", "Ada")).status());
        } catch (CloacinaException e) {
            System.out.println(e.code() + ": " + e.getMessage());
        }
    }
}
