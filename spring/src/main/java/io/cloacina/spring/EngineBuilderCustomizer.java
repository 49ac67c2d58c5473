package io.cloacina.spring;

import io.cloacina.engine.EngineBuilder;

/**
 * Changes the settings of the engine, after its properties and the beans that it found. All beans of this type are called in
 * their order ({@code @Order}) when the engine is started for the first time.
 */
@FunctionalInterface
public interface EngineBuilderCustomizer {
    /** Changes settings. What this throws ends the start of the application. */
    void customize(EngineBuilder builder);
}
