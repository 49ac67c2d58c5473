package io.cloacina.spring;

import io.cloacina.opentelemetry.OpenTelemetryTracing;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Auto-configures traces of the engine, if the application has OpenTelemetry. */
@AutoConfiguration(before = CloacinaAutoConfiguration.class)
@ConditionalOnClass({OpenTelemetry.class, OpenTelemetryTracing.class})
@ConditionalOnMissingBean(OpenTelemetryTracing.class)
@ConditionalOnProperty(prefix = "cloacina.tracing", name = "enabled", havingValue = "true", matchIfMissing = true)
// What is observed is traced already, by the tracer of the application.
@ConditionalOnBooleanProperty(
        prefix = "cloacina.observations",
        name = "enabled",
        havingValue = false,
        matchIfMissing = true)
public final class CloacinaTracingAutoConfiguration {
    /** Called by Spring. */
    CloacinaTracingAutoConfiguration() {}

    @Bean
    EngineBuilderCustomizer cloacinaTracing(ObjectProvider<OpenTelemetry> all) {
        return builder -> all.ifUnique(each -> builder.interceptor(OpenTelemetryTracing.of(each)));
    }
}
