package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.internal.run.Mode;
import java.util.function.Supplier;

/**
 * An engine without threads that a test drives step by step, independent of wall-clock time. Everything happens in the
 * calling thread, and only during a call. Not thread safe. Close it when done.
 */
public final class ManualEngine implements AutoCloseable {
    private static final int MAX_TURNS = 1_000_000;

    private final Engine engine;

    ManualEngine(Engine engine) {
        this.engine = engine;
    }

    /**
     * Returns an engine that calls {@code settings} when it is first started, as {@link Engine#configuredAtStart}. It
     * is started by {@link #start}, or by the start of its {@link #engine}.
     */
    public static ManualEngine configuredAtStart(Supplier<EngineBuilder> settings) {
        Arguments.given("the settings", settings);
        return new ManualEngine(
                new Engine(() -> Arguments.given("the builder", settings.get()).configuration(Mode.MANUAL)));
    }

    /**
     * Opens the database and migrates its schema; nothing runs before {@link #tick}.
     *
     * @return this
     * @throws CloacinaException as {@link Engine#start}
     */
    public ManualEngine start() {
        engine.start();
        return this;
    }

    /** The engine that is driven. Its {@code await} does not drive it: call it only for executions that have ended. */
    public Engine engine() {
        return engine;
    }

    /**
     * Does everything that is due by the engine's clock, until nothing is left: wakes tasks, runs ready tasks, recovers
     * tasks of dead runners, fails executions whose workflow has been unavailable for too long, loads packages,
     * continues bulk operations, evaluates alerts, removes old executions.
     *
     * @throws CloacinaException if the engine is not running
     */
    public void tick() {
        EngineRuntime runtime = engine.runtime();
        runtime.renewLease();
        runtime.loadPackages();
        runtime.maintenance().lookAtOthers();
        runtime.maintenance().checkMissingWorkflows();
        runtime.maintenance().bulk().continueAll();
        runtime.evaluateAlerts();
        runtime.lanes().claim(true);
        int turns = 0;
        boolean ran;
        do {
            runtime.maintenance().poll();
            // A body may have submitted in a transaction of the application, whose end the engine does not learn.
            ran = runtime.runBodiesManually();
            if (++turns > MAX_TURNS) {
                throw new CloacinaException(
                        ErrorCodes.NEVER_IDLE, "the engine never becomes idle; does a task retry without a limit?");
            }
        } while (ran
                || runtime.maintenance().isSomethingDue()
                || runtime.dispatcher().hasClaimable());
        runtime.lanes().claim(false);
        runtime.maintenance().removeAllOld();
    }

    /** Closes the engine and, unless the application opened it, its database. */
    @Override
    public void close() {
        engine.close();
    }
}
