package io.cloacina.engine.model;

import java.time.Duration;
import java.util.Optional;

/**
 * Receives measurements of an engine; see {@link io.cloacina.engine.EngineBuilder#metrics}. The module
 * {@code cloacina-micrometer} implements it for Micrometer. Each method does nothing by default.
 *
 * <p>Called by many threads of the engine at once, after its commits, while they hold no locks in the database. Methods
 * must return quickly: one that blocks delays the engine. An exception is logged once, and otherwise ignored.
 */
public interface EngineMetrics {
    /** Values that can be read from an engine at any time while it runs. */
    interface Readings {
        /** How many tasks the engine runs at once; 0 for a client. */
        int slots();

        /** How many of its slots are in use. */
        int slotsUsed();

        /** How many submissions wait to be written. */
        int submissionsWaiting();

        /** How long ago the engine renewed its lease; zero for a client. */
        Duration leaseAge();

        /**
         * The state of the whole system on the database, if this engine is the one that reports it: the oldest live
         * runner that has metrics does, so that one of many processes queries the database; a client does while no such
         * runner lives. Empty for all other engines. It queries the database, which takes milliseconds or, while the
         * database is unreachable, longer; do not call it in the thread that measures.
         */
        Optional<Status> status();
    }

    /** The engine has started. Its readings can be used until {@link #stopped}. */
    default void started(Readings readings) {}

    /** The engine is stopping. */
    default void stopped() {}

    /** A change was committed, or the body of a task is about to run. Events of an execution arrive in order. */
    default void event(EngineEvent event) {}

    /** An event was dropped because listeners are slower than the engine and 100,000 calls are queued. */
    default void dropped(EngineEvent event) {}

    /**
     * The engine committed a transaction.
     *
     * @param nanos its duration in nanoseconds, from its first statement
     * @param writes how many pending writes it contained
     */
    default void committed(long nanos, int writes) {}

    /**
     * The engine committed a transaction that searched for tasks to claim.
     *
     * @param nanos how long the search took, in nanoseconds
     * @param tasks how many it claimed; may be 0
     */
    default void claimed(long nanos, int tasks) {}

    /**
     * The engine stored the output of a task.
     *
     * @param characters the length of its JSON
     */
    default void stored(int characters) {}

    /**
     * A schedule submitted an execution.
     *
     * @param late how long after its scheduled time
     */
    default void scheduled(Duration late) {}
}
