package io.cloacina.engine;

import io.cloacina.engine.internal.run.ReasonFinder;
import io.cloacina.engine.internal.run.StatusReader;
import io.cloacina.engine.internal.store.HistoryStore;
import io.cloacina.engine.internal.write.SharedParts;
import io.cloacina.engine.internal.write.VersionChange;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.Reason;
import io.cloacina.engine.model.Status;
import io.cloacina.engine.model.UnknownExecutionException;
import java.util.List;
import java.util.UUID;

/** Answers the questions of an operator: the status, and why a task does not run. Thread safe. */
final class Diagnosis {
    private final SharedParts parts;
    private final VersionChange versionChange;

    Diagnosis(EngineRuntime runtime) {
        this.parts = runtime.parts();
        this.versionChange = runtime.steps().versionChange();
    }

    Status status() {
        return new StatusReader(parts, versionChange).read();
    }

    List<Reason> why(UUID execution) {
        Execution found = parts.database()
                .find(HistoryStore.FIND, Engine.id(execution))
                .orElseThrow(() -> new UnknownExecutionException(execution));
        return found.isFinished() ? List.of() : new ReasonFinder(parts, versionChange).why(found);
    }
}
