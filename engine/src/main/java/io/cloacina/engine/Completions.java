package io.cloacina.engine;

import io.cloacina.schema.type.UniversalUuid;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Wakes those who wait for an execution of which this process commits the end. */
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

    void forget(UniversalUuid execution, CompletableFuture<Void> future) {
        waiting.remove(execution, future);
    }
}
