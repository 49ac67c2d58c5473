package io.cloacina.engine.internal.write;

import io.cloacina.engine.model.Execution;
import io.cloacina.schema.type.UniversalUuid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Wakes the threads that await executions. A wake-up brings the finished execution if the transaction that ended it has read it;
 * otherwise it means: look again. Thread safe.
 */
public final class CompletionWaiters {
    private final Map<UniversalUuid, CompletableFuture<Optional<Execution>>> waiting = new ConcurrentHashMap<>();

    public CompletableFuture<Optional<Execution>> of(UniversalUuid execution) {
        return waiting.computeIfAbsent(execution, key -> new CompletableFuture<>());
    }

    /** Whether a thread of this process awaits it now. */
    boolean isAwaited(UniversalUuid execution) {
        return waiting.containsKey(execution);
    }

    /** Wakes the threads that await executions which have ended; returns the executions that none awaits here. */
    public List<UniversalUuid> wake(Map<UniversalUuid, Optional<Execution>> ended) {
        List<UniversalUuid> others = new ArrayList<>();
        ended.forEach((execution, asStored) -> {
            if (!wake(execution, asStored)) {
                others.add(execution);
            }
        });
        return others;
    }

    /** Has the threads that await the execution look at it. */
    public void wake(UniversalUuid execution) {
        wake(execution, Optional.empty());
    }

    /** Has all threads that await something look at it. */
    public void wakeAll() {
        waiting.keySet().forEach(this::wake);
    }

    private boolean wake(UniversalUuid execution, Optional<Execution> asStored) {
        CompletableFuture<Optional<Execution>> future = waiting.remove(execution);
        return future != null && future.complete(asStored);
    }

    public void forget(UniversalUuid execution, CompletableFuture<Optional<Execution>> future) {
        waiting.remove(execution, future);
    }
}
