package io.cloacina.spring;

import io.cloacina.micrometer.MicrometerMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Auto-configures the metrics of the engine, if the application has a meter registry. */
@AutoConfiguration(before = CloacinaAutoConfiguration.class)
@ConditionalOnClass({MeterRegistry.class, MicrometerMetrics.class})
@ConditionalOnProperty(prefix = "cloacina.metrics", name = "enabled", havingValue = "true", matchIfMissing = true)
public final class CloacinaMetricsAutoConfiguration {
    /** Called by Spring. */
    CloacinaMetricsAutoConfiguration() {}

    @Bean
    EngineBuilderCustomizer cloacinaMetrics(ObjectProvider<MeterRegistry> registries) {
        return builder -> registries.ifUnique(registry -> builder.metrics(MicrometerMetrics.of(registry)));
    }
}
