package io.cloacina.engine.internal.store;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.engine.model.Execution;
import io.cloacina.engine.model.RecoveryEvent;
import io.cloacina.engine.model.TaskExecution;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements that read executions, and those that remove old ones. */
public final class HistoryStore {
    public static final Statements STATEMENTS = new Statements("history");

    public static final Select<UniversalUuid, Execution> FIND = STATEMENTS.select("find", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.id.eq(q.arg()));
        return row -> execution(row, e);
    });

    /** A task as it is stored; reading its row parses no JSON. */
    public record StoredTask(TaskExecution task, @Nullable String dependencies) {
        public TaskExecution read() {
            return task.with(JsonContext.texts(dependencies));
        }
    }

    public static final Select<UniversalUuid, StoredTask> TASKS = STATEMENTS.select("tasks", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg()));
        q.orderBy(t.id.asc());
        return row -> task(row, t);
    });

    /** The tasks of an execution that have one of these states, which are distinct and at least one. */
    public record TasksIn(UniversalUuid execution, List<TaskStatus> states) {}

    public static final Select<TasksIn, StoredTask> TASKS_IN = STATEMENTS.select("tasks-in", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg(TasksIn::execution)));
        // One statement, whatever the number of states.
        q.where(Conditions.any(TaskStatus.values().length, i -> t.status.eq(q.arg(in -> Search.at(i, in.states())))));
        q.orderBy(t.id.asc());
        return row -> task(row, t);
    });

    public static final Select<UniversalUuid, RecoveryEvent> RECOVERIES = STATEMENTS.select("recoveries", q -> {
        var r = q.from(RecoveryEvents::new);
        q.where(r.pipelineExecutionId.eq(q.arg()));
        q.orderBy(r.recoveredAt.asc(), r.id.asc());
        var task = q.leftJoin(r.task);
        return row -> new RecoveryEvent(
                row.get(r.recoveryType),
                row.orNull(task, (joined, t) -> joined.get(t.taskName)),
                row.get(r.recoveredAt).toInstant(),
                row.orNull(r.details));
    });

    /** How many executions of a version are unfinished, whether or not a runner has that version. */
    public record Backlog(String workflow, String version, long executions) {}

    public static final Select<NoArgument, Backlog> BACKLOGS = STATEMENTS.select("backlogs", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(Conditions.unfinished(e));
        q.groupBy(e.pipelineName, e.pipelineVersion);
        var count = q.count();
        return row -> new Backlog(row.get(e.pipelineName), row.get(e.pipelineVersion), row.get(count));
    });

    public record OfVersion(String workflow, String version) {}

    /** The oldest unfinished execution of a version. */
    public static final Select<OfVersion, Aged> OLDEST_OF = STATEMENTS.select("oldest-of", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(
                e.pipelineName.eq(q.arg(OfVersion::workflow)),
                e.pipelineVersion.eq(q.arg(OfVersion::version)),
                Conditions.unfinished(e));
        q.orderBy(e.id.asc());
        q.limit(1);
        return row -> new Aged(row.get(e.id), row.get(e.createdAt), row.orNull(e.completedAt));
    });

    public record Abandoned(String workflow, String version, int atMost) {}

    public static final Select<Abandoned, UniversalUuid> ABANDONED = STATEMENTS.select("abandoned", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(
                e.pipelineName.eq(q.arg(Abandoned::workflow)),
                e.pipelineVersion.eq(q.arg(Abandoned::version)),
                // In the words of the index: SQLite uses a partial index only if the conditions are the same.
                Conditions.unfinished(e),
                e.status.ne(ExecutionStatus.PAUSED));
        q.orderBy(e.id.asc());
        q.limit(q.arg(Abandoned::atMost));
        return row -> row.get(e.id);
    });

    public record After(UniversalUuid id, int limit) {}

    /** An execution as retention sees it; {@code completedAt} is null if it is not finished. */
    public record Aged(
            UniversalUuid id,
            UniversalTimestamp createdAt,
            @Nullable UniversalTimestamp completedAt) {}

    public static final Select<After, Aged> OLDEST = STATEMENTS.select("oldest", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.id.gt(q.arg(After::id)));
        q.orderBy(e.id.asc());
        q.limit(q.arg(After::limit));
        return row -> new Aged(row.get(e.id), row.get(e.createdAt), row.orNull(e.completedAt));
    });

    /** Locks the row of an execution that is still finished, so that it is not reopened while its data is removed. */
    public static final Command<UniversalUuid> LOCK_FINISHED = STATEMENTS.update("lock-finished", u -> {
        var e = u.table(PipelineExecutions::new);
        // Unchanged: only the lock matters.
        u.set(e.leavesRemaining, 0);
        u.where(e.id.eq(u.arg()), e.completedAt.isNotNull());
    });

    /** The executions that tasks of an execution have submitted, finished or not. */
    public static final Select<UniversalUuid, UniversalUuid> CHILDREN = STATEMENTS.select("children", q -> {
        var t = q.from(TaskExecutions::new);
        var e = q.crossJoin(PipelineExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg()), e.parentTaskId.eq(t.id));
        q.orderBy(e.id.asc());
        return row -> row.get(e.id);
    });

    private static final String DELETE_CONTEXTS = """
        DELETE FROM contexts WHERE id IN (
          SELECT context_id FROM task_execution_metadata WHERE pipeline_execution_id = ? AND context_id IS NOT NULL
          UNION ALL
          SELECT context_id FROM pipeline_executions WHERE id = ? AND context_id IS NOT NULL)\
        """;

    /** Removes the data of an execution. Its foreign key removes an execution with its input. */
    public static final Command<UniversalUuid> REMOVE_CONTEXTS =
            STATEMENTS.nativeCommand("remove-contexts", DELETE_CONTEXTS, DELETE_CONTEXTS, q -> {
                q.bind(DataType.UUID, id -> id);
                q.bind(DataType.UUID, id -> id);
            });

    /** Removes an execution with all its rows. */
    public static final Command<UniversalUuid> REMOVE = STATEMENTS.delete("remove", d -> {
        var e = d.from(PipelineExecutions::new);
        d.where(e.id.eq(d.arg()), e.completedAt.isNotNull());
    });

    private HistoryStore() {}

    static StoredTask task(Row row, TaskExecutions t) {
        String failed = row.orNull(t.errorDetails);
        String last = row.orNull(t.lastError);
        return task(row, t, failed != null ? failed : last);
    }

    static StoredTask taskWithoutError(Row row, TaskExecutions t) {
        return task(row, t, null);
    }

    private static StoredTask task(Row row, TaskExecutions t, @Nullable String error) {
        TaskExecution task = new TaskExecution(
                row.get(t.id).value(),
                row.get(t.taskName),
                row.get(t.status),
                attempt(row, t),
                row.get(t.recoveryAttempts),
                readyAt(row, t),
                Instants.of(row.orNull(t.startedAt)),
                Instants.of(row.orNull(t.completedAt)),
                Instants.of(row.orNull(t.dueAt)),
                row.orNull(t.waitsFor),
                row.orNull(t.signalName),
                List.of(),
                error);
        return new StoredTask(task, row.orNull(t.dependencies));
    }

    /**
     * Claims that ended by waiting do not count as attempts. While a task waits for its children its attempt continues,
     * so that one claim does count. If the execution ends during that wait, {@code waits} was corrected and the claim
     * counts as well.
     */
    private static int attempt(Row row, TaskExecutions t) {
        TaskStatus status = row.get(t.status);
        WaitKind waitsFor = row.orNull(t.waitsFor);
        int runs = row.get(t.attempt) - TaskStore.waits(row, t);
        return waitsFor == WaitKind.CHILDREN && Conditions.isBetweenClaims(status) ? runs + 1 : runs;
    }

    /** A task that is ready now became ready when its row was last changed. */
    private static @Nullable Instant readyAt(Row row, TaskExecutions t) {
        TaskStatus status = row.get(t.status);
        UniversalTimestamp dueAt = row.orNull(t.dueAt);
        boolean isPaused = row.get(t.paused) == UniversalBool.TRUE;
        UniversalTimestamp updatedAt = row.get(t.updatedAt);
        UniversalTimestamp startedAt = row.orNull(t.startedAt);
        UniversalTimestamp readyAt = row.orNull(t.readyAt);
        return switch (status) {
            case READY -> dueAt != null || isPaused ? null : Instants.of(updatedAt);
            case NOT_STARTED, RUNNING, WAITING, COMPLETED, FAILED, SKIPPED, CANCELLED ->
                Instants.of(readyAt == null ? startedAt : readyAt);
        };
    }

    static Execution execution(Row row, PipelineExecutions e) {
        return new Execution(
                row.get(e.id).value(),
                row.get(e.pipelineName),
                row.get(e.pipelineVersion),
                row.get(e.status),
                row.get(e.priority),
                row.orNull(e.idempotencyKey),
                row.get(e.createdAt).toInstant(),
                Instants.of(row.orNull(e.startAfter)),
                Instants.of(row.orNull(e.startedAt)),
                Instants.of(row.orNull(e.completedAt)),
                row.orNull(e.pauseReason),
                row.get(e.recoveryAttempts),
                row.orNull(e.errorDetails),
                uuid(row.orNull(e.restartedFrom)),
                Instants.of(row.orNull(e.deadlineAt)),
                Instants.of(row.orNull(e.stoppedAt)),
                uuid(row.orNull(e.continuedFrom)),
                uuid(row.orNull(e.continuedAs)));
    }

    private static @Nullable UUID uuid(@Nullable UniversalUuid id) {
        return id == null ? null : id.value();
    }
}
