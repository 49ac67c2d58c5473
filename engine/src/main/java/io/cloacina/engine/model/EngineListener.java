package io.cloacina.engine.model;

/**
 * Is called after the commits of an engine, by one thread of its own; an exception of it is logged and changes nothing.
 */
@FunctionalInterface
public interface EngineListener {
    /**
     * Called for each event. Events wait while this runs, and when very many wait, no further body starts and nothing
     * is submitted.
     */
    void on(EngineEvent event) throws Exception;
}
