package io.cloacina.opentelemetry;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** A process that submits an execution, says which, runs its task, and never ends by itself. */
final class TracedProcess {
    private TracedProcess() {}

    static WorkflowDefinition workflow(WorkflowDefinition.Builder builder, Runnable body) {
        return builder.task("pay", context -> body.run()).build();
    }

    /** Argument: the URL of a database. Prints the execution, its trace and the span of its submission; then that it runs. */
    public static void main(String[] arguments) throws InterruptedException {
        Traces traces = new Traces();
        CountDownLatch submitted = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        WorkflowDefinition blocking = workflow(WorkflowDefinition.named("order"), () -> {
            try {
                submitted.await();
                System.out.println("runs");
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Engine engine = Engine.builder(arguments[0])
                .interceptor(traces.tracing())
                .workflow(blocking)
                .start();
        UUID id = engine.submit("order", Map.of());
        SpanData submit = traces.only("submit order");
        System.out.println(id + " " + submit.getTraceId() + " " + submit.getSpanId());
        submitted.countDown();
        never.await();
    }
}
