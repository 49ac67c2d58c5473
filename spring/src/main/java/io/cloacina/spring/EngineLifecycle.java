package io.cloacina.spring;

import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Schedule;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the engine when all beans exist and before the web server accepts requests; stops it after the web server has
 * answered its last request and before the beans are destroyed, the connection pool among them.
 */
final class EngineLifecycle implements SmartLifecycle {
    /** Web servers have 1024 and 2048 less than the default. */
    static final int PHASE = DEFAULT_PHASE - 4096;

    private final Engine engine;
    private final Supplier<List<Schedule>> schedules;

    /** {@code schedules}: those that are beans. */
    EngineLifecycle(Engine engine, Supplier<List<Schedule>> schedules) {
        this.engine = engine;
        this.schedules = schedules;
    }

    @Override
    public void start() {
        engine.start();
        try {
            schedules.get().forEach(engine.schedules()::put);
        } catch (RuntimeException e) {
            engine.stop();
            throw e;
        }
    }

    @Override
    public void stop() {
        engine.stop();
    }

    @Override
    public boolean isRunning() {
        return engine.isRunning();
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
