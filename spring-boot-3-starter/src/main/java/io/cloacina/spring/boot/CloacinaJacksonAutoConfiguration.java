package io.cloacina.spring.boot;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloacina.spring.ApplicationJson;
import io.cloacina.spring.CloacinaJsonAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Auto-configures the application's JSON mapper for {@code cloacina.json=application}. */
@AutoConfiguration(
        before = CloacinaJsonAutoConfiguration.class,
        afterName = "org.springframework.boot.autoconfigure.jackson.JacksonAutoConfiguration")
@ConditionalOnClass(ObjectMapper.class)
@ConditionalOnProperty(prefix = "cloacina", name = "json", havingValue = "application")
public final class CloacinaJacksonAutoConfiguration {
    /** Called by Spring. */
    CloacinaJacksonAutoConfiguration() {}

    @Bean
    @ConditionalOnSingleCandidate(ObjectMapper.class)
    @ConditionalOnMissingBean
    ApplicationJson cloacinaApplicationJson(ObjectMapper mapper) {
        return new JacksonJson(mapper);
    }
}
