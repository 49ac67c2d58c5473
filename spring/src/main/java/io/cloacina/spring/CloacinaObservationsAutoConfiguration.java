package io.cloacina.spring;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Submissions and bodies as observations in the registry of the application, where that is asked for. */
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
