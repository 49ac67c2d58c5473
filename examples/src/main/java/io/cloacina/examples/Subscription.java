package io.cloacina.examples;

import io.cloacina.api.TaskContext;
import io.cloacina.api.annotation.Input;
import io.cloacina.api.annotation.Sleep;
import io.cloacina.api.annotation.Task;
import io.cloacina.api.annotation.Workflow;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A subscription that runs for years: an execution for each month. */
public final class Subscription {
    private Subscription() {}

    /** Charges for a month, and continues with the next one. */
    @Workflow(name = "subscription")
    public static class Month {
        @Task
        String charge(@Input String customer, @Input int month) {
            return customer + " has paid for month " + month;
        }

        @Task(after = "charge")
        @Sleep("50ms")
        void next(@Input String customer, @Input int month, TaskContext context) {
            if (month < 3) {
                context.continueAs(Map.of("customer", customer, "month", month + 1));
            }
        }
    }

    /** Argument: the URL of a database. */
    public static void main(String[] arguments) {
        try (Engine engine = Engine.builder(arguments[0]).workflow(new Month()).start()) {
            UUID id = engine.submit("subscription", Map.of("customer", "Ada", "month", 1));
            Execution month = engine.await(id);
            while (month.continuedAs() != null) {
                System.out.println(engine.context(month.id()).get("charge", String.class));
                month = engine.await(Objects.requireNonNull(month.continuedAs()));
            }
            System.out.println(engine.context(month.id()).get("charge", String.class));
        }
    }
}
