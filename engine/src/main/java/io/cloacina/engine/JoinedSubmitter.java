package io.cloacina.engine;

import io.cloacina.engine.internal.run.JoinedRechecks;
import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.util.List;
import java.util.UUID;

/** Submits inside a transaction of the application, whose end and outcome the engine does not learn: {@link JoinedRechecks}. */
final class JoinedSubmitter {
    private final EngineRuntime runtime;

    JoinedSubmitter(EngineRuntime runtime) {
        this.runtime = runtime;
    }

    UUID submit(Connection connection, PreparedExecution prepared) {
        SharedParts parts = runtime.parts();
        UniversalUuid id = parts.database().join(connection, transaction -> {
            // Nothing is claimed: the caller may not commit.
            CommitEffects effects = new CommitEffects(parts.slots(), parts.claimable(), false, 0);
            return runtime.steps()
                    .submitter()
                    .submit(transaction, List.of(prepared), effects)
                    .get(0);
        });
        parts.notifier().joined();
        runtime.joined().joined(id, prepared.priority());
        return id.value();
    }
}
