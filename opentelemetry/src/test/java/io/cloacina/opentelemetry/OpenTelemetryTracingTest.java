package io.cloacina.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.RetryPolicy;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Schedule;
import io.cloacina.engine.model.Submission;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OpenTelemetryTracingTest {
    private static final WorkflowDefinition ORDER = WorkflowDefinition.named("order")
            .task("pay", context -> {})
            .task("ship", context -> {}, task -> task.after("pay"))
            .build();

    private final Traces traces = new Traces();

    private TestEngine engine(TestDatabase database, WorkflowDefinition... workflows) {
        return engine(database, traces.tracing(), workflows);
    }

    private static TestEngine engine(
            TestDatabase database, OpenTelemetryTracing tracing, WorkflowDefinition... workflows) {
        return TestEngine.on(database.url())
                .configure(builder -> {
                    builder.interceptor(tracing);
                    List.of(workflows).forEach(builder::workflow);
                })
                .start();
    }

    private static void assertPart(SpanData span, SpanData of) {
        assertThat(span.getTraceId()).isEqualTo(of.getTraceId());
        assertThat(span.getParentSpanId()).isEqualTo(of.getSpanId());
        assertThat(span.getLinks()).isEmpty();
    }

    private static void assertLinked(SpanData span, SpanData to) {
        assertThat(span.getParentSpanContext().isValid()).isFalse();
        assertThat(span.getTraceId()).isNotEqualTo(to.getTraceId());
        assertThat(span.getLinks())
                .extracting(LinkData::getSpanContext)
                .extracting(context -> context.getTraceId() + context.getSpanId())
                .containsExactly(to.getTraceId() + to.getSpanId());
    }

    @DatabaseTest
    void a_submission_and_the_first_attempts_are_one_trace_within_that_of_the_caller(TestDatabase database) {
        try (TestEngine engine = engine(database, ORDER)) {
            Span request = traces.tracer().spanBuilder("request").startSpan();
            UUID id = Context.current()
                    .with(request)
                    .wrapSupplier(() -> engine.submit("order"))
                    .get();
            request.end();
            engine.tick();

            SpanData submit = traces.only("submit order");
            assertPart(submit, traces.only("request"));
            assertThat(submit.getKind()).isEqualTo(SpanKind.PRODUCER);
            assertThat(Traces.attribute(submit, "cloacina.execution.id")).isEqualTo(id.toString());
            assertThat(Traces.attribute(submit, "cloacina.workflow")).isEqualTo("order");
            assertThat(Traces.attribute(submit, "messaging.system")).isNull();
            for (String task : List.of("pay", "ship")) {
                SpanData body = traces.only("order/" + task);
                assertPart(body, submit);
                assertThat(body.getKind()).isEqualTo(SpanKind.CONSUMER);
                assertThat(Traces.attribute(body, "cloacina.execution.id")).isEqualTo(id.toString());
                assertThat(Traces.attribute(body, "cloacina.task")).isEqualTo(task);
            }
        }
    }

    @DatabaseTest
    void the_span_of_an_attempt_is_current_while_its_body_runs_also_in_a_transaction(TestDatabase database) {
        List<String> current = new ArrayList<>();
        WorkflowDefinition tracing = WorkflowDefinition.named("tracing")
                .task(
                        "t",
                        context -> current.add(Span.current().getSpanContext().getSpanId()),
                        task -> task.transactional())
                .build();
        try (TestEngine engine = engine(database, tracing)) {
            engine.run("tracing");
            assertThat(current).containsExactly(traces.only("tracing/t").getSpanId());
            assertPart(traces.only("tracing/t"), traces.only("submit tracing"));
        }
    }

    @DatabaseTest
    void a_retry_is_a_trace_of_its_own_with_a_link(TestDatabase database) {
        WorkflowDefinition flaky = WorkflowDefinition.named("flaky")
                .task(
                        "t",
                        context -> {
                            if (context.attempt() == 1) {
                                throw new IllegalStateException("the bank is away");
                            }
                        },
                        task -> task.retry(RetryPolicy.fixed(2, Duration.ofSeconds(1))))
                .build();
        try (TestEngine engine = engine(database, flaky)) {
            engine.submit("flaky");
            engine.tick();
            engine.advance(Duration.ofSeconds(1));

            SpanData submit = traces.only("submit flaky");
            List<SpanData> attempts = traces.named("flaky/t");
            assertThat(attempts).hasSize(2);
            assertPart(attempts.get(0), submit);
            assertThat(attempts.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(attempts.get(0).getStatus().getDescription()).isEqualTo("the bank is away");
            assertThat(Traces.attribute(attempts.get(0), "error.type")).isEqualTo("java.lang.IllegalStateException");
            assertLinked(attempts.get(1), submit);
        }
    }

    @DatabaseTest
    void what_begins_later_than_five_minutes_after_the_submission_is_a_trace_of_its_own(TestDatabase database) {
        WorkflowDefinition waiting = WorkflowDefinition.named("waiting")
                .task("soon", context -> {}, task -> task.sleep(Duration.ofMinutes(5)))
                .task(
                        "late",
                        context -> {},
                        task -> task.sleep(Duration.ofSeconds(1)).after("soon"))
                .build();
        try (TestEngine engine = engine(database, waiting)) {
            engine.submit("waiting");
            engine.tick();
            engine.advance(Duration.ofMinutes(5));
            engine.advance(Duration.ofSeconds(1));

            assertPart(traces.only("waiting/soon"), traces.only("submit waiting"));
            assertLinked(traces.only("waiting/late"), traces.only("submit waiting"));
        }
    }

    @DatabaseTest
    void children_and_successors_are_parts_of_the_trace_of_their_task(TestDatabase database) {
        WorkflowDefinition parent = WorkflowDefinition.named("parent")
                .task("p", context -> context.output(Map.of()), task -> task.child("order"))
                .task("q", context -> context.continueAs("next", Map.of()), task -> task.after("p"))
                .build();
        WorkflowDefinition next =
                WorkflowDefinition.named("next").task("n", context -> {}).build();
        try (TestEngine engine = engine(database, parent, ORDER, next)) {
            engine.run("parent");
            engine.tick();

            assertPart(traces.only("order/pay"), traces.only("parent/p"));
            assertPart(traces.only("next/n"), traces.only("parent/q"));
        }
    }

    @DatabaseTest
    void the_runs_for_elements_have_one_name(TestDatabase database) {
        WorkflowDefinition each = WorkflowDefinition.named("each")
                .task("t", context -> {}, task -> task.forEach("numbers"))
                .build();
        try (TestEngine engine = engine(database, each)) {
            engine.run("each", Map.of("numbers", List.of(1, 2)));
            assertThat(traces.named("each/t"))
                    .extracting(span -> Traces.attribute(span, "cloacina.task"))
                    .containsExactlyInAnyOrder("t[0]", "t[1]");
        }
    }

    @DatabaseTest
    void each_occurrence_of_a_schedule_begins_a_trace(TestDatabase database) {
        try (TestEngine engine = engine(database, ORDER)) {
            engine.engine().schedules().put(Schedule.of("hourly", "order").cron("0 * * * *"));
            engine.advance(Duration.ofHours(1));

            SpanData submit = traces.only("submit order");
            assertThat(submit.getParentSpanContext().isValid()).isFalse();
            assertThat(Traces.attribute(submit, "cloacina.schedule")).isEqualTo("hourly");
            assertPart(traces.only("order/pay"), submit);
            assertPart(traces.only("order/ship"), submit);
        }
    }

    @DatabaseTest
    void each_submission_of_a_batch_has_a_span_and_one_that_is_refused_an_error(TestDatabase database) {
        try (TestEngine engine = engine(database, ORDER)) {
            List<UUID> ids = engine.engine().submitAll(List.of(Submission.of("order"), Submission.of("order")));
            assertThat(traces.named("submit order"))
                    .extracting(span -> Traces.attribute(span, "cloacina.execution.id"))
                    .containsExactlyElementsOf(ids.stream().map(UUID::toString).toList());

            assertThatThrownBy(() -> engine.submit("unknown")).isInstanceOf(CloacinaException.class);
            assertThat(traces.only("submit unknown").getStatus().getStatusCode())
                    .isEqualTo(StatusCode.ERROR);
        }
    }

    @DatabaseTest
    void attributes_of_messaging_are_there_when_asked_for(TestDatabase database) {
        try (TestEngine engine = engine(database, traces.tracing().withMessagingAttributes(), ORDER)) {
            UUID id = engine.run("order").id();
            for (SpanData span : List.of(traces.only("submit order"), traces.only("order/pay"))) {
                assertThat(Traces.attribute(span, "messaging.system")).isEqualTo("cloacina");
                assertThat(Traces.attribute(span, "messaging.destination.name")).isEqualTo("order");
                assertThat(Traces.attribute(span, "messaging.message.id")).isEqualTo(id.toString());
            }
            assertThat(Traces.attribute(traces.only("submit order"), "messaging.operation.type"))
                    .isEqualTo("send");
            assertThat(Traces.attribute(traces.only("order/pay"), "messaging.operation.type"))
                    .isEqualTo("process");
        }
    }

    @DatabaseTest
    void without_an_sdk_nothing_is_carried_and_everything_runs(TestDatabase database) {
        List<Map<String, String>> carried = new ArrayList<>();
        try (TestEngine engine = TestEngine.on(database.url())
                .configure(builder -> builder.interceptor(OpenTelemetryTracing.of(OpenTelemetry.noop()))
                        .interceptor(new Noting(carried))
                        .workflow(ORDER))
                .start()) {
            engine.run("order");
            assertThat(carried).containsExactly(Map.of(), Map.of());
        }
    }

    @DatabaseTest
    void a_trace_survives_the_kill_of_a_process(TestDatabase database) throws Exception {
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TracedProcess.class.getName(),
                        database.url())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String[] submitted;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(killed.getInputStream(), StandardCharsets.UTF_8))) {
            // The thread that submits and that of the body say one each.
            List<String> said = new ArrayList<>(List.of(line(lines), line(lines)));
            assertThat(said.remove("runs")).isTrue();
            submitted = said.get(0).split(" ");
        } finally {
            killed.destroyForcibly().waitFor();
        }
        WorkflowDefinition same = TracedProcess.workflow(WorkflowDefinition.named("order"), () -> {});
        try (Engine engine = Engine.builder(database.url())
                .interceptor(traces.tracing())
                .workflow(same)
                .start()) {
            engine.await(UUID.fromString(submitted[0]));
        }
        SpanData second = traces.only("order/pay");
        assertThat(second.getParentSpanContext().isValid()).isFalse();
        assertThat(second.getLinks())
                .extracting(link -> link.getSpanContext().getTraceId() + " "
                        + link.getSpanContext().getSpanId())
                .containsExactly(submitted[1] + " " + submitted[2]);
    }

    private static String line(BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new AssertionError("the process has ended");
        }
        return line;
    }
}
