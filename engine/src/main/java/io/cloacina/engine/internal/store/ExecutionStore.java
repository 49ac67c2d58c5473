package io.cloacina.engine.internal.store;

import io.cloacina.api.ExecutionOrigin;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.UpdateBuilder;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements over an execution's row, from its submission to its end. */
public final class ExecutionStore {
    public static final Statements STATEMENTS = new Statements("executions");

    /** An execution to store; {@code started} if a task of it is stored as claimed or as finished. */
    public record NewExecution(
            UniversalUuid id,
            Workflow workflow,
            @Nullable UniversalUuid context,
            @Nullable String key,
            int priority,
            @Nullable UniversalTimestamp startAfter,
            @Nullable UniversalTimestamp deadline,
            @Nullable UniversalUuid parentTask,
            ExecutionOrigin origin,
            boolean started,
            UniversalTimestamp at) {
        ExecutionStatus status() {
            return started ? ExecutionStatus.RUNNING : ExecutionStatus.PENDING;
        }

        @Nullable
        UniversalTimestamp startedAt() {
            return started ? at : null;
        }
    }

    public static final Command<NewExecution> INSERT = STATEMENTS.insert("insert", i -> {
        var e = i.into(PipelineExecutions::new);
        i.set(e.id, i.arg(NewExecution::id));
        i.set(e.pipelineName, i.arg(execution -> execution.workflow().name()));
        i.set(e.pipelineVersion, i.arg(execution -> execution.workflow().version()));
        i.set(e.status, i.arg(NewExecution::status));
        i.set(e.contextId, i.argOrNull(NewExecution::context));
        i.set(e.startedAt, i.argOrNull(NewExecution::startedAt));
        i.set(e.recoveryAttempts, 0);
        i.set(e.leavesRemaining, i.arg(execution -> execution.workflow().leaves()));
        i.set(e.tasksFailed, 0);
        i.set(e.idempotencyKey, i.argOrNull(NewExecution::key));
        i.set(e.priority, i.arg(NewExecution::priority));
        i.set(e.startAfter, i.argOrNull(NewExecution::startAfter));
        i.set(e.deadlineAt, i.argOrNull(NewExecution::deadline));
        i.set(e.origin, i.arg(NewExecution::origin));
        i.set(e.parentTaskId, i.argOrNull(NewExecution::parentTask));
        i.set(e.createdAt, i.arg(NewExecution::at));
        i.set(e.updatedAt, i.arg(NewExecution::at));
    });

    /**
     * The remaining work of a restarted execution.
     *
     * @param failed how many of the tasks that it keeps have failed
     */
    public record Restarted(
            UniversalUuid execution,
            UniversalUuid from,
            int leaves,
            int failed,
            @Nullable String carried) {}

    public static final Command<Restarted> RESTARTED = STATEMENTS.update("restarted", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.restartedFrom, u.arg(Restarted::from));
        u.set(e.leavesRemaining, u.arg(Restarted::leaves));
        u.set(e.tasksFailed, u.arg(Restarted::failed));
        u.set(e.carried, u.argOrNull(Restarted::carried));
        u.where(e.id.eq(u.arg(Restarted::execution)));
    });

    /** What an execution carries for interceptors, as JSON. */
    public record Carrying(UniversalUuid execution, String json) {}

    /** Separate from {@link #INSERT}, so that executions that carry nothing do not pay for it. */
    public static final Command<Carrying> CARRY = STATEMENTS.update("carry", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.carried, u.arg(Carrying::json));
        u.where(e.id.eq(u.arg(Carrying::execution)));
    });

    /** What an execution carries, null if nothing, and when it was submitted. */
    public record Carried(@Nullable String json, UniversalTimestamp createdAt) {}

    public static final Select<UniversalUuid, Carried> CARRIED = STATEMENTS.select("carried", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.id.eq(q.arg()));
        return row -> new Carried(row.orNull(e.carried), row.get(e.createdAt));
    });

    public record Key(String workflow, String key) {}

    public static final Select<Key, UniversalUuid> BY_KEY = STATEMENTS.select("by-key", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.pipelineName.eq(q.arg(Key::workflow)), e.idempotencyKey.eq(q.arg(Key::key)));
        return row -> row.get(e.id);
    });

    /** Which executions exist, of some ids in a JSON array of 32 hexadecimal digits each. */
    public static final Select<String, UniversalUuid> STORED = STATEMENTS.nativeSelect(
            "stored",
            "SELECT id FROM pipeline_executions WHERE id IN (SELECT unhex(value) FROM json_each(?))",
            "SELECT id FROM pipeline_executions WHERE id = ANY (ARRAY("
                    + "SELECT CAST(jsonb_array_elements_text(CAST(CAST(? AS text) AS jsonb)) AS uuid)))",
            q -> {
                q.bind(DataType.TEXT, ids -> ids);
                var id = q.column(DataType.UUID);
                return row -> row.get(id);
            });

    /** Which executions are children of an execution that exists, of some ids as for {@link #STORED}. */
    public static final Select<String, UniversalUuid> CHILDREN_AMONG = STATEMENTS.nativeSelect(
            "children-among",
            "SELECT e.id FROM pipeline_executions e JOIN task_executions t ON t.id = e.parent_task_id"
                    + " WHERE e.id IN (SELECT unhex(value) FROM json_each(?))",
            "SELECT e.id FROM pipeline_executions e JOIN task_executions t ON t.id = e.parent_task_id"
                    + " WHERE e.id = ANY (ARRAY("
                    + "SELECT CAST(jsonb_array_elements_text(CAST(CAST(? AS text) AS jsonb)) AS uuid)))",
            q -> {
                q.bind(DataType.TEXT, ids -> ids);
                var id = q.column(DataType.UUID);
                return row -> row.get(id);
            });

    public record At(UniversalUuid execution, UniversalTimestamp at) {}

    /**
     * An execution that was just started.
     *
     * @param input the id of its input; null if the input is empty
     */
    public record Started(@Nullable UniversalUuid input) {}

    /** Starts an execution when a task of it is claimed for the first time; later calls change nothing. */
    public static final ChangeReturning<At, Started> START = STATEMENTS.updateReturning("start", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.status, ExecutionStatus.RUNNING);
        u.set(e.startedAt, u.arg(At::at));
        u.set(e.updatedAt, u.arg(At::at));
        u.where(e.id.eq(u.arg(At::execution)), e.status.eq(ExecutionStatus.PENDING));
        return row -> new Started(row.orNull(e.contextId));
    });

    /** Finished tasks of an execution: how many are leaves, and how many have failed. */
    public record Finished(UniversalUuid execution, int leaves, int failed, UniversalTimestamp at) {}

    /**
     * An execution that has just ended.
     *
     * @param parentTask the task that waits for it, null if there is none
     * @param continuation the successor that a task asked for, null if there is none
     * @param createdAt when it was submitted
     * @param execution the execution as it ended, if the statement has read it
     */
    public record EndedExecution(
            @Nullable UniversalUuid parentTask,
            @Nullable String continuation,
            UniversalTimestamp createdAt,
            Optional<Execution> execution) {
        static EndedExecution of(Row row, PipelineExecutions e, Optional<Execution> execution) {
            return new EndedExecution(
                    row.orNull(e.parentTaskId), row.orNull(e.continuation), row.get(e.createdAt), execution);
        }
    }

    /** The usual end, in one statement: the last leaves have finished, and no task has failed. */
    public static final ChangeReturning<Finished, EndedExecution> COMPLETE_WITH_LAST_LEAVES =
            STATEMENTS.updateReturning("complete-with-last-leaves", u -> {
                var e = completeWithLastLeaves(u);
                return row -> EndedExecution.of(row, e, Optional.empty());
            });

    /** The same, and reads the executions: a thread that awaits one of them need not. */
    public static final ChangeReturning<Finished, EndedExecution> COMPLETE_AND_READ =
            STATEMENTS.updateReturning("complete-and-read", u -> {
                var e = completeWithLastLeaves(u);
                return row -> EndedExecution.of(row, e, Optional.of(HistoryStore.execution(row, e)));
            });

    private static PipelineExecutions completeWithLastLeaves(UpdateBuilder<Finished> u) {
        var e = u.table(PipelineExecutions::new);
        u.set(e.status, ExecutionStatus.COMPLETED);
        u.set(e.leavesRemaining, 0);
        u.set(e.completedAt, u.arg(Finished::at));
        u.set(e.updatedAt, u.arg(Finished::at));
        u.where(
                e.id.eq(u.arg(Finished::execution)),
                e.leavesRemaining.eq(u.arg(Finished::leaves)),
                e.tasksFailed.eq(0),
                Conditions.unfinished(e),
                // The end of a paused execution also clears its pause: COMPLETE does that.
                e.status.ne(ExecutionStatus.PAUSED));
        return e;
    }

    public record Count(int leavesRemaining, int tasksFailed, boolean isCancelled) {}

    public static final ChangeReturning<Finished, Count> COUNT = STATEMENTS.updateReturning("count", u -> {
        var e = u.table(PipelineExecutions::new);
        u.increment(e.leavesRemaining, u.arg(finished -> -finished.leaves()));
        u.increment(e.tasksFailed, u.arg(Finished::failed));
        u.set(e.updatedAt, u.arg(Finished::at));
        u.where(e.id.eq(u.arg(Finished::execution)), Conditions.unfinished(e));
        return row ->
                new Count(row.get(e.leavesRemaining), row.get(e.tasksFailed), row.orNull(e.cancelAskedAt) != null);
    });

    public record Completion(
            UniversalUuid execution,
            ExecutionStatus status,
            @Nullable String error,
            UniversalTimestamp at) {}

    public static final ChangeReturning<Completion, EndedExecution> COMPLETE =
            STATEMENTS.updateReturning("complete", u -> {
                var e = u.table(PipelineExecutions::new);
                u.set(e.status, u.arg(Completion::status));
                u.set(e.errorDetails, u.argOrNull(Completion::error));
                u.set(e.completedAt, u.arg(Completion::at));
                u.setNull(e.pausedAt);
                u.setNull(e.pauseReason);
                u.set(e.updatedAt, u.arg(Completion::at));
                u.where(e.id.eq(u.arg(Completion::execution)), Conditions.unfinished(e));
                return row -> EndedExecution.of(row, e, Optional.empty());
            });

    /** Ends an execution by an intervention, whatever its tasks are doing. */
    public static final ChangeReturning<Completion, EndedExecution> END = STATEMENTS.updateReturning("end", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.status, u.arg(Completion::status));
        u.set(e.leavesRemaining, 0);
        u.set(e.errorDetails, u.argOrNull(Completion::error));
        u.set(e.completedAt, u.arg(Completion::at));
        u.setNull(e.pausedAt);
        u.setNull(e.pauseReason);
        u.set(e.updatedAt, u.arg(Completion::at));
        u.where(e.id.eq(u.arg(Completion::execution)), Conditions.unfinished(e));
        return row -> EndedExecution.of(row, e, Optional.empty());
    });

    /** Locks the row of an unfinished execution; the change of its time is only for the lock. */
    public static final Command<At> LOCK_UNFINISHED = STATEMENTS.update("lock-unfinished", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.updatedAt, u.arg(At::at));
        u.where(e.id.eq(u.arg(At::execution)), Conditions.unfinished(e));
    });

    /** Locks the row of an execution; does nothing if another transaction has locked it. */
    public static final Command<At> LOCK = STATEMENTS.update("lock", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.updatedAt, u.arg(At::at));
        u.hold(e.id, q -> {
            var its = q.from(PipelineExecutions::new);
            q.where(its.id.eq(q.arg(At::execution)));
            return its.id;
        });
    });

    /** The unfinished executions that tasks of an execution wait for. */
    public static final Select<UniversalUuid, UniversalUuid> CHILDREN_OF = STATEMENTS.select("children-of", q -> {
        var t = q.from(TaskExecutions::new);
        var e = q.crossJoin(PipelineExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg()), e.parentTaskId.eq(t.id), Conditions.unfinished(e));
        q.orderBy(e.id.asc());
        return row -> row.get(e.id);
    });

    /** The parent of an execution: the task that submitted it, and the execution of that task. */
    public record Parent(String task, UniversalUuid execution, String workflow, ExecutionStatus status) {}

    public static final Select<UniversalUuid, Parent> PARENT_OF = STATEMENTS.select("parent-of", q -> {
        var e = q.from(PipelineExecutions::new);
        var t = q.crossJoin(TaskExecutions::new);
        var its = q.join(t.execution);
        q.where(e.id.eq(q.arg()), e.parentTaskId.eq(t.id));
        return row -> new Parent(row.get(t.taskName), row.get(its.id), row.get(its.pipelineName), row.get(its.status));
    });

    public record Pause(UniversalUuid execution, @Nullable String reason, UniversalTimestamp at) {}

    public static final Command<Pause> PAUSE = STATEMENTS.update("pause", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.status, ExecutionStatus.PAUSED);
        u.set(e.pausedAt, u.arg(Pause::at));
        u.set(e.pauseReason, u.argOrNull(Pause::reason));
        u.set(e.updatedAt, u.arg(Pause::at));
        u.where(e.id.eq(u.arg(Pause::execution)), Conditions.unpaused(e));
    });

    public static final Command<Pause> CHANGE_PAUSE_REASON = STATEMENTS.update("change-pause-reason", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.pauseReason, u.argOrNull(Pause::reason));
        u.set(e.updatedAt, u.arg(Pause::at));
        u.where(e.id.eq(u.arg(Pause::execution)), e.status.eq(ExecutionStatus.PAUSED));
    });

    public static final Command<At> RESUME_STARTED = STATEMENTS.update("resume-started", u -> {
        var e = resume(u, ExecutionStatus.RUNNING);
        u.where(e.startedAt.isNotNull());
    });

    public static final Command<At> RESUME_PENDING = STATEMENTS.update("resume-pending", u -> {
        var e = resume(u, ExecutionStatus.PENDING);
        u.where(e.startedAt.isNull());
    });

    public record Reopening(UniversalUuid execution, ExecutionStatus status, int leaves, UniversalTimestamp at) {}

    public static final Command<Reopening> REOPEN = STATEMENTS.update("reopen", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.status, u.arg(Reopening::status));
        u.set(e.leavesRemaining, u.arg(Reopening::leaves));
        u.set(e.tasksFailed, 0);
        u.setNull(e.errorDetails);
        u.setNull(e.completedAt);
        // No deadline any more: whoever retries an execution watches it.
        u.setNull(e.deadlineAt);
        u.setNull(e.stoppedAt);
        u.setNull(e.cancelAskedAt);
        u.setNull(e.pausedAt);
        u.setNull(e.pauseReason);
        u.set(e.updatedAt, u.arg(Reopening::at));
        u.where(e.id.eq(u.arg(Reopening::execution)), e.status.eq(ExecutionStatus.FAILED));
    });

    public record Recovery(UniversalUuid execution, int tasks, UniversalTimestamp at) {}

    public static final Command<Recovery> RECOVERED = STATEMENTS.update("recovered", u -> {
        var e = u.table(PipelineExecutions::new);
        u.increment(e.recoveryAttempts, u.arg(Recovery::tasks));
        u.set(e.lastRecoveryAt, u.arg(Recovery::at));
        u.set(e.updatedAt, u.arg(Recovery::at));
        u.where(e.id.eq(u.arg(Recovery::execution)));
    });

    private ExecutionStore() {}

    private static PipelineExecutions resume(UpdateBuilder<At> u, ExecutionStatus status) {
        var e = u.table(PipelineExecutions::new);
        u.set(e.status, status);
        u.setNull(e.pausedAt);
        u.setNull(e.pauseReason);
        u.set(e.updatedAt, u.arg(At::at));
        u.where(e.id.eq(u.arg(At::execution)), e.status.eq(ExecutionStatus.PAUSED));
        return e;
    }
}
