package io.cloacina.engine;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** What an engine was told, with the defaults of {@link EngineBuilder}. */
record Settings(
        int slots,
        Duration grace,
        Duration lease,
        Duration pollInterval,
        Duration retention,
        Duration unavailableAfter,
        int maxContextBytes,
        int maxTasks,
        int maxWaitingSubmissions,
        List<EngineListener> listeners,
        Clock clock) {}
