package io.cloacina.engine;

import io.cloacina.engine.internal.run.JoinedRechecks;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Submits inside a transaction of the application, whose end and outcome the engine does not learn: {@link JoinedRechecks}. */
final class JoinedSubmitter {
    private final EngineRuntime runtime;

    private record Stored(UniversalUuid id, int priority) {}

    JoinedSubmitter(EngineRuntime runtime) {
        this.runtime = runtime;
    }

    UUID submit(Connection connection, Function<Definitions.Reading, PreparedExecution> prepared) {
        SharedParts parts = runtime.parts();
        Stored stored = parts.database().join(connection, transaction -> {
            // Nothing is claimed: the caller may not commit.
            CommitEffects effects = new CommitEffects(parts.slots(), parts.claimable(), false, 0);
            PreparedExecution execution = prepared.apply(Definitions.Reading.in(transaction));
            UniversalUuid id = runtime.steps()
                    .submitter()
                    .submit(transaction, List.of(execution), effects)
                    .get(0);
            return new Stored(id, execution.priority());
        });
        parts.notifier().joined();
        runtime.joined().joined(stored.id(), stored.priority());
        return stored.id().value();
    }
}
