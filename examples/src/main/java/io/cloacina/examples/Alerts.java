package io.cloacina.examples;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.AlertRule;
import java.time.Duration;
import java.util.Set;

/** Alerts: a message when too much fails or nothing runs, and one for each order that fails. */
public final class Alerts {
    /** What the alerts are about. */
    static final WorkflowDefinition ORDER = WorkflowDefinition.named("order")
            .task("pay", context -> context.get("amount", Integer.class), task -> task.retry(RetryPolicy.NONE))
            .build();

    private Alerts() {}

    /** Starts an engine that evaluates the alerts of its database. */
    static Engine start(String database) {
        Engine engine = Engine.builder(database).workflow(ORDER).alerts().start();
        return engine;
    }

    /** Stores the rules; the receiver knows the secret. */
    static void store(Engine engine, String url, String secret) {
        engine.alerts().put(AlertRule.failureRate("failing", url, "order", 20, 10, Duration.ofHours(1)), secret);
        engine.alerts().put(AlertRule.oldestReady("stuck", url, Duration.ofMinutes(15)), secret);
        engine.alerts().put(AlertRule.stranded("stranded", url, 0), secret);
        engine.alerts().put(AlertRule.scheduleLate("late", url, Duration.ofMinutes(5)), secret);

        engine.events().enable(); // once for a database
        Set<ExecutionStatus> failed = Set.of(ExecutionStatus.FAILED);
        engine.alerts().put(AlertRule.executionEnded("failed-orders", url, "order", failed), secret);
    }
}
