package io.cloacina.engine;

import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.internal.run.JoinedRechecks;
import io.cloacina.engine.internal.run.Mode;
import io.cloacina.engine.internal.store.ExecutionStore;
import io.cloacina.engine.internal.write.ClaimBudget;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.Reading;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.UnitOfWork;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Submits inside a transaction of the application. The engine does not learn how that ends: {@link JoinedRechecks} finds out.
 */
final class JoinedSubmitter {
    private final EngineRuntime runtime;

    private record Stored(UniversalUuid id, int priority) {}

    JoinedSubmitter(EngineRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Finds out which submissions were committed. An engine that is driven manually does not do that later: the next tick finds
     * the tasks.
     */
    static JoinedRechecks rechecks(EngineRuntime runtime) {
        SharedParts parts = runtime.parts();
        return new JoinedRechecks(
                executions -> {
                    List<UniversalUuid> stored = stored(parts, executions);
                    stored.forEach(each -> runtime.publisher().stored(each.value()));
                    runtime.publisher().makeWaitingCalls();
                    return stored;
                },
                priority -> committed(runtime, priority),
                runtime.mode() == Mode.MANUAL ? (delay, work) -> {} : parts.timer()::notifyAfter,
                System::nanoTime);
    }

    private static List<UniversalUuid> stored(SharedParts parts, Collection<UniversalUuid> executions) {
        List<String> ids = executions.stream()
                .map(each -> each.toString().replace("-", ""))
                .toList();
        return parts.database().list(ExecutionStore.STORED, JsonContext.names(ids));
    }

    private static void committed(EngineRuntime runtime, int priority) {
        runtime.parts().notifier().tellReady(priority);
        if (runtime.mode().runsTasks()) {
            runtime.parts().claimable().noteUnknown(priority);
            runtime.maintenance().pollAfter(Duration.ZERO);
        }
    }

    List<UUID> submit(Connection connection, Function<Reading, List<PreparedExecution>> prepared) {
        SharedParts parts = runtime.parts();
        List<Stored> stored = parts.database().join(connection, transaction -> {
            // Nothing is claimed, because the caller may roll back.
            ClaimBudget none = new ClaimBudget(parts.slots(), parts.claimable(), false, 0);
            CommitEffects effects = new CommitEffects(none, parts.unpublished());
            UnitOfWork work = new UnitOfWork(transaction, parts.settings().clock(), effects);
            List<PreparedExecution> executions = prepared.apply(Reading.in(transaction));
            List<UniversalUuid> ids = runtime.steps().submitter().submit(work, executions);
            return IntStream.range(0, ids.size())
                    .mapToObj(each ->
                            new Stored(ids.get(each), executions.get(each).priority()))
                    .toList();
        });
        parts.notifier().joined();
        stored.forEach(each -> runtime.joined().joined(each.id(), each.priority()));
        return stored.stream().map(each -> each.id().value()).toList();
    }
}
