package io.cloacina.engine.model;

/**
 * Is called after the commits of an engine, by one thread for all its listeners; an exception of it is logged and
 * changes nothing. It is told of what its own engine commits, at most once: not of events after which the process died,
 * nor of those that were dropped.
 */
@FunctionalInterface
public interface EngineListener {
    /**
     * Called for each event, in the order of the commits of an execution. Events wait while this runs, and the engine
     * does not: when 100,000 calls wait, further events are dropped, which is logged once a minute and counted ({@link
     * EngineMetrics#dropped}). When the engine is closed, what waits is delivered within the grace.
     */
    void on(EngineEvent event) throws Exception;
}
