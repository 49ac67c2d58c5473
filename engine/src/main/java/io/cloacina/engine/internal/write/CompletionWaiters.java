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
    private final Map<UniversalUuid, Awaited> waiting = new ConcurrentHashMap<>();

    /** What all threads wait for that await one execution. The number of them is changed within the map only. */
    private static final class Awaited {
        private final CompletableFuture<Optional<Execution>> future = new CompletableFuture<>();
        private int threads;
    }

    /** What a thread waits for. If it does not wait any longer, it calls {@link #forget}. */
    public CompletableFuture<Optional<Execution>> of(UniversalUuid execution) {
        return waiting.compute(execution, (key, known) -> {
                    Awaited awaited = known == null ? new Awaited() : known;
                    awaited.threads++;
                    return awaited;
                })
                .future;
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
        Awaited awaited = waiting.remove(execution);
        return awaited != null && awaited.future.complete(asStored);
    }

    /** A thread does not wait any longer; others may. */
    public void forget(UniversalUuid execution, CompletableFuture<Optional<Execution>> future) {
        waiting.computeIfPresent(
                execution, (key, awaited) -> awaited.future == future && --awaited.threads == 0 ? null : awaited);
    }
}
