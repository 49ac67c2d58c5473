package io.cloacina.engine;

import io.cloacina.api.Arguments;
import io.cloacina.api.CloacinaException;
import io.cloacina.engine.internal.store.AuditStore;
import io.cloacina.engine.model.AuditEntry;
import io.cloacina.engine.model.AuditOutcome;
import io.cloacina.engine.model.AuditQuery;
import io.cloacina.engine.model.AuditedChange;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The audit log: who requested which change from a server, and how that ended. A server stores an entry before it
 * begins a change, so no change is missing. Entries are removed when they are older than the retention of executions.
 * An engine writes no entries on its own. Thread safe.
 */
public final class AuditLog {
    private final RunningEngine engine;

    AuditLog(RunningEngine engine) {
        this.engine = engine;
    }

    /**
     * Stores an entry for a change that is about to begin; when this returns, a crash does not lose it.
     *
     * @return the id of the entry, for {@link #end}
     * @throws CloacinaException if it was not stored, or when it is called within a transaction of the application
     */
    public UUID begin(AuditedChange change) {
        return store(Arguments.given("the change", change), null);
    }

    /** Stores an entry for a change that was refused before it began: {@link #begin} and {@link #end} in one call. */
    public UUID refused(AuditedChange change, AuditOutcome outcome) {
        return store(Arguments.given("the change", change), Arguments.given("the outcome", outcome));
    }

    /** Stores how a change ended. Does nothing if the entry has been removed in the meantime. */
    public void end(UUID entry, AuditOutcome outcome) {
        UniversalUuid id = UniversalUuid.of(Arguments.given("the id of the entry", entry));
        Arguments.given("the outcome", outcome);
        AuditStore.Ended ended = new AuditStore.Ended(id, outcome);
        engine.runtime().lanes().call(id, work -> work.run(AuditStore.END, ended));
    }

    /** Returns the entries that match a query, newest first. */
    public List<AuditEntry> list(AuditQuery query) {
        Arguments.given("the query", query);
        return engine.database().list(AuditStore.of(query), query).stream()
                .map(AuditStore.Stored::entry)
                .toList();
    }

    private UUID store(AuditedChange change, @Nullable AuditOutcome outcome) {
        EngineRuntime runtime = engine.runtime();
        AuditStore.New entry = new AuditStore.New(
                UniversalUuid.v7(),
                UniversalTimestamp.now(runtime.parts().settings().clock()),
                change,
                outcome);
        runtime.lanes().call(entry.id(), work -> work.run(AuditStore.INSERT, entry));
        return entry.id().value();
    }
}
