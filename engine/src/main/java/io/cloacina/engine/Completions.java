package io.cloacina.engine;

import io.cloacina.schema.type.UniversalUuid;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Wakes those who wait for executions. A wake-up means: look again. */
final class Completions {
    private final Map<UniversalUuid, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

    CompletableFuture<Void> of(UniversalUuid execution) {
        return waiting.computeIfAbsent(execution, key -> new CompletableFuture<>());
    }

    void finished(UniversalUuid execution) {
        CompletableFuture<Void> future = waiting.remove(execution);
        if (future != null) {
            future.complete(null);
        }
    }

    void wakeAll() {
        waiting.keySet().forEach(this::finished);
    }

    void forget(UniversalUuid execution, CompletableFuture<Void> future) {
        waiting.remove(execution, future);
    }
}
