package io.cloacina.engine.model;

import java.time.Duration;
import java.util.Optional;

/**
 * Measures what an engine does; see {@link io.cloacina.engine.EngineBuilder#metrics}. The module {@code
 * cloacina-micrometer} has one for Micrometer. Each method does nothing by default.
 *
 * <p>Called by many threads of the engine at once, after its commits, while they hold nothing in the database. Who
 * measures returns at once: a method that blocks holds up the engine. What it throws is logged once, and changes
 * nothing else.
 */
public interface EngineMetrics {
    /** What can be read of an engine at any time. */
    interface Readings {
        /** How many tasks it runs at once; 0 for a client. */
        int slots();

        /** How many of the slots are taken. */
        int slotsUsed();

        /** How many callers wait until their submissions may be written. */
        int submissionsWaiting();

        /** How long ago it renewed its lease; zero for a client. */
        Duration leaseAge();

        /**
         * How all is that runs on the database, if it is for this engine to tell: of all live runners that are measured
         * the oldest tells, so that the database is asked by one of many processes. Empty for the others. A client tells
         * while no such runner lives. Asks
         * the database, which takes milliseconds or, while it is away, longer; not to be called in the thread that
         * measures.
         */
        Optional<Status> status();
    }

    /** The engine has started. Its readings can be read until {@link #stopped}. */
    default void started(Readings readings) {}

    /** The engine is being closed. */
    default void stopped() {}

    /** Something was committed, or the body of a task is about to run. Events of an execution come in their order. */
    default void event(EngineEvent event) {}

    /** A listener is not told of this event, because 100,000 calls wait: listeners are slower than the engine. */
    default void dropped(EngineEvent event) {}

    /**
     * A transaction of the engine was committed.
     *
     * @param nanos how long it took, from its first statement
     * @param writes how many pending writes it contained
     */
    default void committed(long nanos, int writes) {}

    /**
     * A transaction that was committed looked for tasks to run.
     *
     * @param nanos how long that took
     * @param tasks how many it claimed; may be 0
     */
    default void claimed(long nanos, int tasks) {}

    /**
     * The output of a task was stored.
     *
     * @param characters of JSON
     */
    default void stored(int characters) {}

    /**
     * A schedule submitted an execution.
     *
     * @param late how long after its time
     */
    default void scheduled(Duration late) {}
}
