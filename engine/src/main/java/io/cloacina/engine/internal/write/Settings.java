package io.cloacina.engine.internal.write;

import io.cloacina.engine.EngineBuilder;
import io.cloacina.engine.model.EngineListener;
import io.cloacina.engine.model.PackageTrust;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an engine was told, with the defaults of {@link EngineBuilder}. */
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
        Clock clock) {}
