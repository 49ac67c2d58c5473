package io.cloacina.engine.internal.run;

import io.cloacina.schema.type.UniversalUuid;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Wakes threads that wait for executions. After a wake-up they read the execution again. */
public final class CompletionWaiters {
    private final Map<UniversalUuid, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();

    public CompletableFuture<Void> of(UniversalUuid execution) {
        return waiting.computeIfAbsent(execution, key -> new CompletableFuture<>());
    }

    /** Wakes the threads that wait for the execution; false if none did in this process. */
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
