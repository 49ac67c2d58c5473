package io.cloacina.spring;

import io.cloacina.api.CloacinaException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configures the application's JSON mapper for values of its classes, if {@code cloacina.json} is
 * {@code application}.
 */
@AutoConfiguration(before = CloacinaAutoConfiguration.class)
@ConditionalOnProperty(prefix = "cloacina", name = "json", havingValue = "application")
public final class CloacinaJsonAutoConfiguration {
    /** Called by Spring. */
    CloacinaJsonAutoConfiguration() {}

    @Bean
    EngineBuilderCustomizer cloacinaJson(ObjectProvider<ApplicationJson> mappers) {
        return builder -> {
            ApplicationJson json = mappers.getIfAvailable();
            if (json == null) {
                throw new CloacinaException(
                        EngineSettings.INVALID,
                        "cloacina.json is application, but the application has no JSON mapper: add Spring Boot's starter for"
                                + " JSON, or a bean of type ApplicationJson");
            }
            builder.json(mapper -> mapper.addModule(new ApplicationValues(json)));
        };
    }
}
