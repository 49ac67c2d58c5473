package io.cloacina.spring.boot;

import io.cloacina.engine.Engine;
import io.cloacina.spring.CloacinaAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Auto-configures the health of the engine, under the name {@code cloacina}. */
@AutoConfiguration(after = CloacinaAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(Engine.class)
@ConditionalOnEnabledHealthIndicator("cloacina")
public final class CloacinaHealthAutoConfiguration {
    /** Called by Spring. */
    CloacinaHealthAutoConfiguration() {}

    @Bean
    HealthIndicator cloacinaHealthIndicator(Engine engine) {
        return new EngineHealthIndicator(engine);
    }
}
