package io.cloacina.engine.internal.store;

import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.engine.internal.claim.Claim;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Nulls;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The statements that stop executions: by a deadline, or by a cancellation with compensation. */
public final class StopStore {
    public static final Statements STATEMENTS = new Statements("stops");

    /** The next deadline after a time. */
    public static final Select<UniversalTimestamp, UniversalTimestamp> NEXT_DEADLINE =
            STATEMENTS.select("next-deadline", q -> {
                var e = q.from(PipelineExecutions::new);
                q.where(hasDeadline(e), e.deadlineAt.gt(q.arg()));
                q.orderBy(e.deadlineAt.asc(Nulls.LAST));
                q.limit(1);
                return row -> Objects.requireNonNullElse(row.orNull(e.deadlineAt), UniversalTimestamp.MIN);
            });

    /** The next due task, or the next deadline. */
    public record Next(boolean isDeadline, UniversalTimestamp at) {}

    private static final String NEXT_OF_BOTH = """
        SELECT * FROM (SELECT 0 AS what, due_at AS next_at FROM task_executions
            WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1) tasks
        UNION ALL
        SELECT * FROM (SELECT 1 AS what, deadline_at AS next_at FROM pipeline_executions
            WHERE deadline_at IS NOT NULL AND stopped_at IS NULL AND status IN %s
            ORDER BY deadline_at LIMIT 1) deadlines\
        """.formatted(Conditions.UNPAUSED);

    /** Both in one statement, because an idle process reads both. */
    public static final Select<NoArgument, Next> NEXT =
            STATEMENTS.nativeSelect("next", NEXT_OF_BOTH, NEXT_OF_BOTH, q -> {
                var what = q.column(DataType.INTEGER);
                var at = q.column(DataType.TIMESTAMP);
                return row -> new Next(row.get(what) == 1, row.get(at));
            });

    public record Due(UniversalTimestamp now, int atMost) {}

    public static final Select<Due, UniversalUuid> PASSED = STATEMENTS.select("passed", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(hasDeadline(e), e.deadlineAt.le(q.arg(Due::now)));
        q.orderBy(e.deadlineAt.asc(Nulls.LAST));
        q.limit(q.arg(Due::atMost));
        return row -> row.get(e.id);
    });

    /** Marks an execution whose deadline has passed as stopped, once. */
    public static final Command<ExecutionStore.At> PASS = STATEMENTS.update("pass", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.stoppedAt, u.arg(ExecutionStore.At::at));
        u.set(e.updatedAt, u.arg(ExecutionStore.At::at));
        u.where(e.id.eq(u.arg(ExecutionStore.At::execution)), hasDeadline(e));
    });

    /** Marks an execution that is cancelled with compensation as stopped, once. */
    public static final Command<ExecutionStore.At> CANCEL = STATEMENTS.update("cancel", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.stoppedAt, u.arg(ExecutionStore.At::at));
        u.set(e.cancelAskedAt, u.arg(ExecutionStore.At::at));
        u.set(e.updatedAt, u.arg(ExecutionStore.At::at));
        u.where(e.id.eq(u.arg(ExecutionStore.At::execution)), Conditions.unfinished(e), e.stoppedAt.isNull());
    });

    /** Cancels an execution that was stopped before: the tasks that react to the stop continue. */
    public static final Command<ExecutionStore.At> CANCEL_STOPPED = STATEMENTS.update("cancel-stopped", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.cancelAskedAt, u.arg(ExecutionStore.At::at));
        u.set(e.updatedAt, u.arg(ExecutionStore.At::at));
        u.where(e.id.eq(u.arg(ExecutionStore.At::execution)), Conditions.unfinished(e), e.stoppedAt.isNotNull());
    });

    /**
     * A task, or a run for an element, that is active: it has not ended, and it is not a task with unfinished
     * dependencies.
     *
     * @param waits how many of its claims ended by waiting, if it ends now: a wait for children was the attempt itself
     * @param isWaitingForChildren whether its attempt waits for children without a claim, or they have just ended
     * @param startedAt when its last claim began; null if it had none
     * @param claim the claim of the running attempt; null if it does not run
     */
    public record Active(
            UniversalUuid task,
            String name,
            boolean isElement,
            int attempt,
            int waits,
            boolean isWaitingForChildren,
            @Nullable UniversalTimestamp startedAt,
            @Nullable Claim claim) {
        /** The number of its attempt as users see it. */
        public int run() {
            return attempt - waits;
        }
    }

    /** The active tasks of an execution whose unfinished tasks are locked. */
    public static final Select<UniversalUuid, Active> ACTIVE = STATEMENTS.select("active", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(
                t.pipelineExecutionId.eq(q.arg()),
                Conditions.active(t).or(t.status.eq(TaskStatus.NOT_STARTED).and(t.parentTaskId.isNotNull())));
        q.orderBy(t.id.asc());
        return row -> {
            UniversalUuid task = row.get(t.id);
            UniversalUuid execution = row.get(t.pipelineExecutionId);
            String name = row.get(t.taskName);
            int attempt = row.get(t.attempt);
            int maxAttempts = row.get(t.maxAttempts);
            int waits = TaskStore.waits(row, t);
            UniversalUuid runner = row.orNull(t.claimedBy);
            UniversalTimestamp startedAt = row.orNull(t.startedAt);
            WaitKind waitsFor = row.orNull(t.waitsFor);
            boolean isWaitingForChildren = runner == null && waitsFor == WaitKind.CHILDREN;
            return new Active(
                    task,
                    name,
                    row.orNull(t.parentTaskId) != null,
                    attempt,
                    isWaitingForChildren ? waits - 1 : waits,
                    isWaitingForChildren,
                    startedAt,
                    runner == null || startedAt == null
                            ? null
                            : new Claim(task, execution, name, attempt, maxAttempts, waits, runner, startedAt));
        };
    });

    /** An unfinished child, and the task that submitted it. */
    public record Child(UniversalUuid execution, UniversalUuid task) {}

    /** The unfinished children of an execution. */
    public static final Select<UniversalUuid, Child> CHILDREN = STATEMENTS.select("children", q -> {
        var t = q.from(TaskExecutions::new);
        var e = q.crossJoin(PipelineExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg()), e.parentTaskId.eq(t.id), Conditions.unfinished(e));
        q.orderBy(e.id.asc());
        return row -> new Child(row.get(e.id), row.get(t.id));
    });

    public record Stop(UniversalUuid task, int waits, String error, UniversalTimestamp at) {}

    /** Fails a task that is active and locked. If it is running, its attempt loses its claim. */
    public static final Command<Stop> STOP_TASK = STATEMENTS.update("stop-task", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.FAILED);
        u.setNull(t.claimedBy);
        u.setNull(t.dueAt);
        u.set(t.paused, UniversalBool.FALSE);
        u.set(t.waits, u.arg(Stop::waits));
        u.set(t.errorDetails, u.arg(Stop::error));
        u.set(t.lastError, u.arg(Stop::error));
        u.set(t.completedAt, u.arg(Stop::at));
        u.set(t.updatedAt, u.arg(Stop::at));
        u.where(t.id.eq(u.arg(Stop::task)), Conditions.unfinished(t));
    });

    private StopStore() {}

    /** In the words of the index: SQLite uses a partial index only if the conditions are the same. */
    private static Condition hasDeadline(PipelineExecutions e) {
        return e.deadlineAt.isNotNull().and(e.stoppedAt.isNull()).and(Conditions.unpaused(e));
    }
}
