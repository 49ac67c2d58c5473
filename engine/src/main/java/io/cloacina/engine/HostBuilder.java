package io.cloacina.engine;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.json.JsonMapping;
import io.cloacina.engine.internal.json.Payloads;
import io.cloacina.engine.internal.write.Interceptors;
import io.cloacina.engine.internal.write.Settings;
import io.cloacina.engine.model.ApplicationTransactions;
import io.cloacina.engine.model.EngineInterceptor;
import io.cloacina.engine.model.EngineMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects what the application provides to an engine: its code and its threads. */
final class HostBuilder {
    final List<Consumer<JsonMapper.Builder>> jsonCustomizers = new ArrayList<>();
    final List<EngineInterceptor> interceptors = new ArrayList<>();
    final List<EngineMetrics> metrics = new ArrayList<>();
    Payloads payloads = Payloads.PLAIN;
    boolean alerts;

    @Nullable
    Executor executor;

    @Nullable
    ThreadFactory threads;

    @Nullable
    ApplicationTransactions transactions;

    Settings.Host build() {
        if (executor != null && threads != null) {
            throw new CloacinaException(
                    EngineBuilder.INVALID,
                    "an executor and a thread factory are set, but only one can run bodies: remove one of them");
        }
        return new Settings.Host(
                new JsonMapping(List.copyOf(jsonCustomizers), payloads),
                new Interceptors(interceptors),
                List.copyOf(metrics),
                executor,
                threads,
                transactions,
                alerts);
    }
}
