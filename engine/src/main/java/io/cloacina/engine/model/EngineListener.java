package io.cloacina.engine.model;

/**
 * Is called after the commits of its own engine, at most once for each event. Events are not delivered if the process
 * died before the call, or if they were dropped. One thread calls all listeners of an engine. An exception is logged
 * and changes nothing.
 */
@FunctionalInterface
public interface EngineListener {
    /**
     * Called for each event; events of one execution arrive in the order of their commits. While this method runs,
     * further events are queued, and the engine does not wait: when 100,000 calls are queued, further events are
     * dropped, which is logged once a minute and counted ({@link EngineMetrics#dropped}). When the engine is closed,
     * queued events are delivered within the grace period.
     */
    void on(EngineEvent event) throws Exception;
}
