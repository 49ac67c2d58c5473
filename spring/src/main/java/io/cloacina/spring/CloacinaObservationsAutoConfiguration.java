package io.cloacina.spring;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Auto-configures submissions and bodies as observations in the application's registry, if that is enabled. */
@AutoConfiguration(before = CloacinaAutoConfiguration.class)
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnProperty(prefix = "cloacina.observations", name = "enabled", havingValue = "true")
public final class CloacinaObservationsAutoConfiguration {
    /** Called by Spring. */
    CloacinaObservationsAutoConfiguration() {}

    @Bean
    EngineBuilderCustomizer cloacinaObservations(ObjectProvider<ObservationRegistry> registries) {
        return builder -> registries.ifUnique(registry -> builder.interceptor(new EngineObservations(registry)));
    }
}
