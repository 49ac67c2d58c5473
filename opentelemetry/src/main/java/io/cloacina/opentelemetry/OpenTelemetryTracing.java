package io.cloacina.opentelemetry;

import io.cloacina.api.Arguments;
import io.cloacina.api.FanOut;
import io.cloacina.api.TaskContext;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.Submission;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * Creates OpenTelemetry spans for submissions and for attempts of tasks.
 *
 * <pre>{@code
 * Engine engine = Engine.builder(url).interceptor(OpenTelemetryTracing.of(openTelemetry)).workflow(order).start();
 * }</pre>
 *
 * <p>A submission is a span {@code submit order} (PRODUCER) within the span of the caller. Its context is stored with
 * the execution, so that every process that runs a task can read it, also after a crash. An attempt of a task is a span
 * {@code order/pay} (CONSUMER), which is current while the body runs. The first attempt of a task belongs to the trace
 * of the submission if it begins within five minutes of it; later attempts are traces of their own with a link to the
 * submission, because tracing tools cannot handle traces that last for hours. By the same rule, children and successors
 * of an execution belong to the trace of the task that created them. Each occurrence of a schedule begins a trace. If
 * an execution carries no context (a restart by a bulk operation, a submission without this interceptor), each attempt
 * is a trace of its own.
 *
 * <p>Attributes: {@code cloacina.workflow}, {@code cloacina.execution.id}, {@code cloacina.task},
 * {@code cloacina.attempt}, {@code cloacina.schedule}. Add it to every engine that submits or runs such executions,
 * clients included. Immutable, thread safe.
 */
public final class OpenTelemetryTracing implements EngineInterceptor {
    private static final Duration LONGEST_TRACE = Duration.ofMinutes(5);

    private final Tracer tracer;
    private final boolean hasMessagingAttributes;

    private OpenTelemetryTracing(Tracer tracer, boolean hasMessagingAttributes) {
        this.tracer = tracer;
        this.hasMessagingAttributes = hasMessagingAttributes;
    }

    /** Returns tracing that uses this OpenTelemetry instance. */
    public static OpenTelemetryTracing of(OpenTelemetry openTelemetry) {
        return new OpenTelemetryTracing(
                Arguments.given("what records traces", openTelemetry).getTracer("io.cloacina"), false);
    }

    /**
     * Returns a copy that adds the attributes of OpenTelemetry's messaging conventions, which are not stable yet:
     * {@code messaging.system} ({@code cloacina}), {@code messaging.destination.name} (the workflow),
     * {@code messaging.operation.type} ({@code send} and {@code process}) and {@code messaging.message.id} (the id of
     * the execution).
     */
    public OpenTelemetryTracing withMessagingAttributes() {
        return new OpenTelemetryTracing(tracer, true);
    }

    @Override
    public List<UUID> aroundSubmit(List<Submission> submissions, Submitting next) {
        List<Span> spans = new ArrayList<>(submissions.size());
        List<Submission> carrying = new ArrayList<>(submissions.size());
        try {
            for (Submission each : submissions) {
                Span span = submitting(each.workflow()).startSpan();
                spans.add(span);
                carrying.add(carrying(each, CarriedContext.of(Context.current().with(span))));
            }
            List<UUID> ids = next.submit(carrying);
            for (int i = 0; i < Math.min(spans.size(), ids.size()); i++) {
                identify(spans.get(i), ids.get(i));
            }
            return ids;
        } catch (Throwable e) { // passes through
            spans.forEach(span -> failed(span, e));
            throw e;
        } finally {
            spans.forEach(Span::end);
        }
    }

    @Override
    public void aroundBody(TaskContext task, Running next) throws Exception {
        Context submitted = CarriedContext.read(next.carried());
        SpanContext submission = Span.fromContext(submitted).getSpanContext();
        boolean isPart = task.attempt() == 1
                && Duration.between(next.submittedAt(), task.now()).compareTo(LONGEST_TRACE) <= 0;
        // Without the index of an element: names of spans are few.
        String name = task.workflow() + "/" + FanOut.taskOf(task.taskName());
        SpanBuilder builder = builder(name, SpanKind.CONSUMER, task.workflow())
                .setAttribute("cloacina.task", task.taskName())
                .setAttribute("cloacina.attempt", task.attempt());
        if (isPart) {
            builder.setParent(submitted);
        } else {
            builder.setNoParent();
            if (submission.isValid()) {
                builder.addLink(submission);
            }
        }
        Span span = builder.startSpan();
        identify(span, task.executionId());
        Context within = Context.current().with(span);
        Callable<Boolean> body = () -> {
            next.run();
            return true;
        };
        try {
            next.handOn(CarriedContext.of(within));
            within.wrap(body).call();
        } catch (Throwable e) { // passes through
            failed(span, e);
            throw e;
        } finally {
            span.end();
        }
    }

    @Override
    public Map<String, String> onSchedule(String schedule, String workflow) {
        Span span = submitting(workflow)
                .setNoParent()
                .setAttribute("cloacina.schedule", schedule)
                .startSpan();
        span.end();
        return CarriedContext.of(Context.root().with(span));
    }

    private SpanBuilder submitting(String workflow) {
        return builder("submit " + workflow, SpanKind.PRODUCER, workflow);
    }

    private SpanBuilder builder(String name, SpanKind kind, String workflow) {
        SpanBuilder builder = tracer.spanBuilder(name).setSpanKind(kind).setAttribute("cloacina.workflow", workflow);
        if (hasMessagingAttributes) {
            builder.setAttribute("messaging.system", "cloacina")
                    .setAttribute("messaging.destination.name", workflow)
                    .setAttribute("messaging.operation.type", kind == SpanKind.PRODUCER ? "send" : "process");
        }
        return builder;
    }

    private void identify(Span span, UUID execution) {
        span.setAttribute("cloacina.execution.id", execution.toString());
        if (hasMessagingAttributes) {
            span.setAttribute("messaging.message.id", execution.toString());
        }
    }

    private static Submission carrying(Submission submission, Map<String, String> context) {
        Submission carrying = submission;
        for (Map.Entry<String, String> each : context.entrySet()) {
            carrying = carrying.carrying(each.getKey(), each.getValue());
        }
        return carrying;
    }

    private static void failed(Span span, Throwable error) {
        span.recordException(error);
        span.setStatus(StatusCode.ERROR, String.valueOf(error.getMessage()));
        span.setAttribute("error.type", error.getClass().getName());
    }
}
