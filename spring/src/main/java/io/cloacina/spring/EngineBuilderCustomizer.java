package io.cloacina.spring;

import io.cloacina.engine.EngineBuilder;

/**
 * Customizes the engine's settings, after the properties and the beans have been applied. All beans of this type are
 * called, in their order ({@code @Order}), when the engine is first started.
 */
@FunctionalInterface
public interface EngineBuilderCustomizer {
    /** Changes settings. An exception fails the start of the application. */
    void customize(EngineBuilder builder);
}
