package io.cloacina.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.WorkflowDefinition;
import io.cloacina.engine.Engine;
import io.cloacina.opentelemetry.OpenTelemetryTracing;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Timeout(120)
class TracingTest {
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {
        @Bean
        InMemorySpanExporter exporter() {
            return InMemorySpanExporter.create();
        }

        @Bean
        OpenTelemetry openTelemetry(InMemorySpanExporter exporter) {
            return OpenTelemetrySdk.builder()
                    .setTracerProvider(SdkTracerProvider.builder()
                            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                            .build())
                    .build();
        }

        @Bean
        WorkflowDefinition receipt() {
            return WorkflowDefinition.named("receipt")
                    .task("print", context -> {})
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnTracing {
        @Bean
        OpenTelemetryTracing tracing(OpenTelemetry openTelemetry) {
            return OpenTelemetryTracing.of(openTelemetry).withMessagingAttributes();
        }
    }

    /** The names of what was traced while an execution ran and the engine stopped. */
    private static List<String> traced(TestDatabase test, List<Class<?>> sources, String... properties) {
        InMemorySpanExporter exporter;
        try (ConfigurableApplicationContext context = Applications.plain(test, sources, properties)) {
            exporter = context.getBean(InMemorySpanExporter.class);
            Engine engine = context.getBean(Engine.class);
            engine.await(engine.submit("receipt", Map.of()));
            engine.stop();
            return exporter.getFinishedSpanItems().stream()
                    .map(SpanData::getName)
                    .sorted()
                    .toList();
        }
    }

    @DatabaseTest
    void submissions_and_tasks_are_traced_where_the_application_has_an_open_telemetry(TestDatabase test) {
        assertThat(traced(test, List.of(Application.class))).containsExactly("receipt/print", "submit receipt");
    }

    @DatabaseTest
    void nothing_is_traced_when_a_property_says_so(TestDatabase test) {
        assertThat(traced(test, List.of(Application.class), "cloacina.tracing.enabled=false"))
                .isEmpty();
    }

    @DatabaseTest
    void a_tracing_of_the_application_takes_the_place_of_that_of_the_starter(TestDatabase test) {
        assertThat(traced(test, List.of(Application.class, OwnTracing.class)))
                .as("each once")
                .containsExactly("receipt/print", "submit receipt");
    }

    @Test
    void an_application_without_the_library_starts_without_traces() {
        new ApplicationContextRunner()
                .withClassLoader(new FilteredClassLoader("io.opentelemetry"))
                .withConfiguration(AutoConfigurations.of(CloacinaTracingAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("cloacinaTracing"));
    }
}
