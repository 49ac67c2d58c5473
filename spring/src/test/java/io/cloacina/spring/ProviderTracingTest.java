package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Traces with what Spring Boot has for them: its starter for OpenTelemetry in 4, the bridge of Micrometer Tracing in 3.5. */
@Timeout(120)
class ProviderTracingTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        InMemorySpanExporter exporter() {
            return InMemorySpanExporter.create();
        }

        @Bean
        WorkflowDefinition receipt(ObservationRegistry observations) {
            return WorkflowDefinition.named("receipt")
                    .task(
                            "print",
                            context -> Observation.createNotStarted("printer", observations)
                                    .observe(() -> {}))
                    .build();
        }
    }

    @DatabaseTest
    void what_an_application_observes_and_what_the_engine_does_are_one_trace(TestDatabase test) {
        assertThatAllIsOneTrace(test, false);
    }

    @DatabaseTest
    void observations_of_the_engine_are_traced_the_same_way(TestDatabase test) {
        assertThatAllIsOneTrace(test, true);
    }

    private static void assertThatAllIsOneTrace(TestDatabase test, boolean isObserved) {
        try (ConfigurableApplicationContext context = Applications.plain(
                test,
                List.of(Application.class),
                "management.tracing.sampling.probability=1.0",
                "cloacina.observations.enabled=" + isObserved)) {
            Engine engine = context.getBean(Engine.class);
            Observation.createNotStarted("request", context.getBean(ObservationRegistry.class))
                    .observe(() -> engine.await(engine.submit("receipt", Map.of())));
            engine.stop();
            context.getBean(SdkTracerProvider.class).forceFlush().join(30, TimeUnit.SECONDS);

            Map<String, SpanData> spans = context.getBean(InMemorySpanExporter.class).getFinishedSpanItems().stream()
                    .collect(Collectors.toMap(SpanData::getName, Function.identity()));
            assertThat(spans).containsOnlyKeys("request", "submit receipt", "receipt/print", "printer");
            assertThat(parent(spans, "submit receipt")).isEqualTo(spanId(spans, "request"));
            assertThat(parent(spans, "receipt/print")).isEqualTo(spanId(spans, "submit receipt"));
            assertThat(parent(spans, "printer")).isEqualTo(spanId(spans, "receipt/print"));
            assertThat(context.getBean(MeterRegistry.class)
                            .find("cloacina.task")
                            .timers())
                    .as("what else handles observations knows the body, too")
                    .hasSize(isObserved ? 1 : 0);
        }
    }

    private static String spanId(Map<String, SpanData> spans, String name) {
        return Objects.requireNonNull(spans.get(name)).getSpanId();
    }

    private static String parent(Map<String, SpanData> spans, String name) {
        return Objects.requireNonNull(spans.get(name)).getParentSpanId();
    }
}
