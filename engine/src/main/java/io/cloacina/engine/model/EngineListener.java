package io.cloacina.engine.model;

/** Is told what an engine has committed, by one thread of its own; what it throws is logged and changes nothing. */
@FunctionalInterface
public interface EngineListener {
    /** Called for each event. Events wait while this runs, and when very many wait no further body begins and nothing is submitted. */
    void on(EngineEvent event) throws Exception;
}
