package io.cloacina.engine.internal.run;

import io.cloacina.schema.type.UniversalUuid;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Wakes those who wait for executions. A wake-up means: look again. */
public final class CompletionWaiters {
    private final Map<UniversalUuid, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

    public CompletableFuture<Void> of(UniversalUuid execution) {
        return waiting.computeIfAbsent(execution, key -> new CompletableFuture<>());
    }

    /** Whether somebody waited for it here. */
    public boolean finished(UniversalUuid execution) {
        CompletableFuture<Void> future = waiting.remove(execution);
        return future != null && future.complete(null);
    }

    public void wakeAll() {
        waiting.keySet().forEach(this::finished);
    }

    public void forget(UniversalUuid execution, CompletableFuture<Void> future) {
        waiting.remove(execution, future);
    }
}
