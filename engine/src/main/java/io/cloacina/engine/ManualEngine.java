package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.run.Mode;
import java.util.function.Supplier;

/**
 * An engine without threads, driven step by step: for tests that must not wait for wall-clock time. Everything happens
 * in the calling thread, one after the other, and only when it is called. Not thread safe. Close it when done.
 */
public final class ManualEngine implements AutoCloseable {
    private static final int MAX_TURNS = 1_000_000;

    private final Engine engine;

    ManualEngine(Engine engine) {
        this.engine = engine;
    }

    /**
     * Returns an engine whose first start asks for its settings, as {@link Engine#configuredAtStart}; it is started by {@link
     * #start} or by that of its {@link #engine}.
     */
    public static ManualEngine configuredAtStart(Supplier<EngineBuilder> settings) {
        Arguments.given("the settings", settings);
        return new ManualEngine(
                new Engine(() -> Arguments.given("the builder", settings.get()).configuration(Mode.BY_HAND)));
    }

    /**
     * Opens the database and brings its schema up to date; nothing is run before a {@link #tick}.
     *
     * @return this
     * @throws CloacinaException as {@link Engine#start}
     */
    public ManualEngine start() {
        engine.start();
        return this;
    }

    /** The engine that is driven. Its {@code await} does not drive it: it is for executions that have ended. */
    public Engine engine() {
        return engine;
    }

    /**
     * Does all that is due now, until nothing is left: wakes tasks that are due by the engine's clock, runs ready
     * tasks, recovers tasks of dead runners, fails executions whose workflow no runner has had for too long, loads
     * packages, continues bulk operations, evaluates alerts, removes old executions.
     *
     * @throws CloacinaException if it was not started, or is stopped or closed
     */
    public void tick() {
        EngineRuntime runtime = engine.runtime();
        runtime.renewLease();
        runtime.loadPackages();
        runtime.maintenance().lookAtOthers();
        runtime.maintenance().checkAvailability();
        runtime.maintenance().bulk().continueAll();
        runtime.evaluateAlerts();
        runtime.lanes().claim(true);
        int turns = 0;
        boolean ran;
        do {
            runtime.maintenance().poll();
            // A body may have submitted in a transaction of the application, which nobody tells the engine.
            ran = runtime.runBodiesByHand();
            if (++turns > MAX_TURNS) {
                throw new CloacinaException("NEVER_IDLE", "there is always something left to do; is a retry endless?");
            }
        } while (ran
                || runtime.maintenance().isSomethingDue()
                || runtime.dispatcher().hasClaimable());
        runtime.lanes().claim(false);
        runtime.maintenance().removeAllOld();
    }

    /** Closes the engine and its database. */
    @Override
    public void close() {
        engine.close();
    }
}
