package io.cloacina.spring.test;

import io.cloacina.engine.Engine;
import io.cloacina.spring.EngineSettings;
import io.cloacina.testing.ManualClock;
import io.cloacina.testing.TestEngine;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An engine in the place of that of the starter: with the same settings, and without threads. */
@Configuration(proxyBeanMethods = false)
class ManualEngineConfiguration {
    @Bean
    ManualClock cloacinaClock() {
        return new ManualClock();
    }

    @Bean
    TestEngine cloacinaTestEngine(EngineSettings settings, ManualClock clock) {
        return TestEngine.configuredAtStart(settings::builder, clock);
    }

    @Bean
    Engine cloacinaEngine(TestEngine engine) {
        return engine.engine();
    }
}
