package io.cloacina.engine;

import io.cloacina.engine.internal.write.CommitEffects;
import io.cloacina.engine.internal.write.Definitions;
import io.cloacina.engine.internal.write.PreparedExecution;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.schema.type.UniversalUuid;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Submits inside a transaction of the application, whose end and outcome the engine does not learn. */
final class JoinedSubmitter {
    /** When to check whether it was committed: soon after it began, and for those that take longer. */
    private static final Duration[] RECHECKS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    private final EngineRuntime runtime;

    JoinedSubmitter(EngineRuntime runtime) {
        this.runtime = runtime;
    }

    UUID submit(Connection connection, Function<Definitions.Reading, PreparedExecution> prepared) {
        SharedParts parts = runtime.parts();
        List<UniversalUuid> ids = parts.database().join(connection, transaction -> {
            // Nothing is claimed: the caller may not commit.
            CommitEffects effects = new CommitEffects(parts.slots(), parts.claimable(), false, 0);
            PreparedExecution execution = prepared.apply(Definitions.Reading.in(transaction));
            List<UniversalUuid> stored = runtime.steps().submitter().submit(transaction, List.of(execution), effects);
            parts.notifier().tellAll(transaction, effects);
            return stored;
        });
        for (Duration later : RECHECKS) {
            runtime.maintenance().pollAfter(later);
        }
        return ids.get(0).value();
    }
}
