package io.cloacina.spring.boot;

import io.cloacina.spring.ApplicationJson;
import io.cloacina.spring.CloacinaJsonAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.json.JsonMapper;

/** Auto-configures the application's JSON mapper for {@code cloacina.json=application}. */
@AutoConfiguration(
        before = CloacinaJsonAutoConfiguration.class,
        afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@ConditionalOnClass(JsonMapper.class)
@ConditionalOnProperty(prefix = "cloacina", name = "json", havingValue = "application")
public final class CloacinaJacksonAutoConfiguration {
    /** Called by Spring. */
    CloacinaJacksonAutoConfiguration() {}

    @Bean
    @ConditionalOnSingleCandidate(JsonMapper.class)
    @ConditionalOnMissingBean
    ApplicationJson cloacinaApplicationJson(JsonMapper mapper) {
        return new JacksonJson(mapper);
    }
}
