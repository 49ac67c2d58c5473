package io.cloacina.examples;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.TaskContext;
import io.cloacina.api.TriggerCondition;
import io.cloacina.api.TriggerRule;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Workflows in workflows, and compensation: an order hands shipping to another workflow, and refunds what cannot be shipped. */
public final class Shop {
    private Shop() {}

    /** What is shipped. */
    public record Parcel(int order, String city) {}

    private static WorkflowDefinition order() {
        return WorkflowDefinition.named("order")
                .task("charge", context -> context.output("charged order " + context.get("order", Integer.class)))
                .task(
                        "ship",
                        context -> context.output(
                                new Parcel(context.get("order", Integer.class), context.get("city", String.class))),
                        task -> task.after("charge").child("shipping").take("track"))
                .task(
                        "thank",
                        context -> context.output("thank you; your parcel is " + context.get("ship", String.class)),
                        task -> task.after("ship"))
                .task(
                        "refund",
                        context -> context.output("refunded order " + context.get("order", Integer.class)),
                        task -> task.after("ship")
                                .when(TriggerRule.all(
                                        TriggerCondition.taskCompleted("charge"), TriggerCondition.taskFailed("ship"))))
                .build();
    }

    private static WorkflowDefinition shipping() {
        return WorkflowDefinition.named("shipping")
                .task("pack", Shop::pack, task -> task.retry(RetryPolicy.fixed(2, Duration.ofMillis(50))))
                .task(
                        "track",
                        context -> context.output("X-" + context.get("order", Integer.class)),
                        task -> task.after("pack"))
                .build();
    }

    private static void pack(TaskContext context) {
        if (context.get("city", String.class).equals("Atlantis")) {
            throw new IllegalArgumentException("we do not ship to Atlantis");
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Engine engine = Engine.builder(arguments[0])
                .workflow(order())
                .workflow(shipping())
                .start()) {
            UUID good = engine.submit("order", Map.of("order", 1, "city", "Seattle"));
            UUID bad = engine.submit("order", Map.of("order", 2, "city", "Atlantis"));
            for (UUID id : List.of(good, bad)) {
                System.out.println(engine.await(id).status().label());
            }
            System.out.println(engine.context(good).get("thank", String.class));
            System.out.println(engine.context(bad).get("refund", String.class));
        }
    }
}
