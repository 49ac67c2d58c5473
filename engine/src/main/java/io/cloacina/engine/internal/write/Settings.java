package io.cloacina.engine.internal.write;

import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.EngineMetrics;
import io.cloacina.engine.model.PackageTrust;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** The settings of an engine, with the defaults of {@link EngineBuilder}. */
public record Settings(
        int slots,
        Duration grace,
        Duration lease,
        Duration pollInterval,
        Duration retention,
        Duration unavailableAfter,
        int maxContextBytes,
        int maxTasks,
        int maxWaitingSubmissions,
        @Nullable PackageTrust trust,
        @Nullable Path packageDirectory,
        int maxPackageBytes,
        List<EngineListener> listeners,
        Clock clock,
        Host host) {
    /** Whether anyone listens to events. */
    public boolean hasListeners() {
        return !listeners.isEmpty() || !host.metrics().isEmpty();
    }

    /** How values become JSON. */
    public JsonMapping json() {
        return host.json();
    }

    /**
     * What the application supplies. {@code executor}, {@code threads} and {@code transactions} are null by default,
     * and at most one of the first two is given. {@code alerts}: whether the engine evaluates the rules of alerts and
     * sends their messages.
     */
    public record Host(
            JsonMapping json,
            Interceptors interceptors,
            List<EngineMetrics> metrics,
            @Nullable Executor executor,
            @Nullable ThreadFactory threads,
            @Nullable ApplicationTransactions transactions,
            boolean alerts) {}
}
