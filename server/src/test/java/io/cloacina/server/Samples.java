package io.cloacina.server;

import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;

/** Workflows for these tests: one that completes, one that fails, one that waits for a signal. */
final class Samples {
    static {
        // A test reads what is logged of changes; the loggers are made when the first server is.
        System.setProperty("org.slf4j.simpleLogger.log.io.cloacina.audit", "info");
    }

    static final WorkflowDefinition GREET = WorkflowDefinition.named("greet")
            .task("hello", context -> context.output("hello"))
            .task("bye", context -> {}, task -> task.after("hello"))
            .build();

    static final WorkflowDefinition BREAK = WorkflowDefinition.named("break")
            .task(
                    "fall",
                    context -> {
                        throw new IllegalStateException("<script>alert(1)</script> fell");
                    },
                    task -> task.retry(RetryPolicy.NONE))
            .build();

    static final WorkflowDefinition ASK = WorkflowDefinition.named("ask")
            .task("question", context -> {}, task -> task.signal("answer"))
            .build();

    private Samples() {}

    static EngineBuilder builder(String url) {
        return Engine.builder(url).workflow(GREET).workflow(BREAK).workflow(ASK);
    }
}
