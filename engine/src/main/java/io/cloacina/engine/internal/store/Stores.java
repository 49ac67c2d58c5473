package io.cloacina.engine.internal.store;

import io.cloacina.schema.sql.Statements;
import java.util.List;

/** All stores of the engine. */
public final class Stores {
    /** The statements of all stores: a database is opened with them, and tests check each. */
    public static final List<Statements> STATEMENTS = List.of(
            ExecutionStore.STATEMENTS,
            ContextStore.STATEMENTS,
            TaskStore.STATEMENTS,
            ReadyStore.STATEMENTS,
            ControlStore.STATEMENTS,
            HistoryStore.STATEMENTS,
            AttemptStore.STATEMENTS,
            TaskPageStore.STATEMENTS,
            LabelStore.STATEMENTS,
            SearchStore.STATEMENTS,
            RunnerStore.STATEMENTS,
            WaitStore.STATEMENTS,
            ElementStore.STATEMENTS,
            LimitStore.STATEMENTS,
            ScheduleStore.STATEMENTS,
            PackageStore.STATEMENTS,
            DefinitionStore.STATEMENTS,
            VersionStore.STATEMENTS,
            StopStore.STATEMENTS,
            ContinuationStore.STATEMENTS,
            BulkStore.STATEMENTS,
            AuditStore.STATEMENTS,
            HookStore.STATEMENTS,
            AlertStore.STATEMENTS,
            StatusStore.STATEMENTS,
            ReasonStore.STATEMENTS,
            EventStore.STATEMENTS);

    private Stores() {}
}
