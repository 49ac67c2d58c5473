package io.cloacina.spring;

import io.cloacina.engine.Engine;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Auto-configures the actuator endpoint {@code cloacina}. */
@AutoConfiguration(after = CloacinaAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(Engine.class)
public final class CloacinaEndpointAutoConfiguration {
    /** Called by Spring. */
    CloacinaEndpointAutoConfiguration() {}

    @Bean
    @ConditionalOnAvailableEndpoint(endpoint = CloacinaEndpoint.class)
    CloacinaEndpoint cloacinaEndpoint(Engine engine) {
        return new CloacinaEndpoint(engine);
    }
}
