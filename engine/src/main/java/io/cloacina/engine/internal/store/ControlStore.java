package io.cloacina.engine.internal.store;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements over the tasks of an execution that is paused, resumed, cancelled or retried. */
public final class ControlStore {
    public static final Statements STATEMENTS = new Statements("control");

    public record At(UniversalUuid execution, UniversalTimestamp at) {}

    /** Running and waiting tasks as well: they may become ready again, and must not start then. */
    public static final Command<At> PAUSE = STATEMENTS.update("pause", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.paused, UniversalBool.TRUE);
        u.where(t.pipelineExecutionId.eq(u.arg(At::execution)), Conditions.unfinished(t));
    });

    public static final Command<At> RESUME = STATEMENTS.update("resume", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.paused, UniversalBool.FALSE);
        u.set(t.updatedAt, u.arg(At::at));
        u.where(t.pipelineExecutionId.eq(u.arg(At::execution)), t.paused.eq(UniversalBool.TRUE));
    });

    public record Cancellation(
            UniversalUuid execution, @Nullable String reason, UniversalTimestamp at) {}

    /** Ends every unfinished task. Attempts that are running lose their claims. */
    public static final Command<Cancellation> CANCEL = STATEMENTS.update("cancel", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.CANCELLED);
        u.setNull(t.claimedBy);
        u.setNull(t.dueAt);
        u.set(t.paused, UniversalBool.FALSE);
        u.set(t.errorDetails, u.argOrNull(Cancellation::reason));
        u.set(t.completedAt, u.arg(Cancellation::at));
        u.set(t.updatedAt, u.arg(Cancellation::at));
        u.where(t.pipelineExecutionId.eq(u.arg(Cancellation::execution)), Conditions.unfinished(t));
    });

    private static final String WAITS_ENDED = """
        UPDATE task_executions SET waits = waits - 1
        WHERE pipeline_execution_id = ? AND waits_for = 'Children' AND status IN %s\
        """.formatted(Conditions.BETWEEN_CLAIMS);

    /** Called before a cancellation: the claim that ended by waiting for children then counts as the last attempt. */
    public static final Command<UniversalUuid> END_WAITS =
            STATEMENTS.nativeCommand("end-waits", WAITS_ENDED, WAITS_ENDED, q -> q.bind(DataType.UUID, id -> id));

    /** A task as the retry of a failed execution sees it. */
    public record EndedTask(
            UniversalUuid id,
            String name,
            TaskStatus status,
            int attempt,
            String configuration,
            @Nullable String dependenciesJson) {
        public List<String> dependencies() {
            return JsonContext.texts(dependenciesJson);
        }
    }

    /** The tasks in topological order, in which they were stored. */
    public static final Select<UniversalUuid, EndedTask> ALL_OF = STATEMENTS.select("all-of", q -> {
        var t = q.from(TaskExecutions::new);
        // Without the runs for elements, which belong to their task.
        q.where(t.pipelineExecutionId.eq(q.arg()), t.parentTaskId.isNull());
        q.orderBy(t.id.asc());
        return row -> new EndedTask(
                row.get(t.id),
                row.get(t.taskName),
                row.get(t.status),
                row.get(t.attempt),
                row.get(t.taskConfiguration),
                row.orNull(t.dependencies));
    });

    /** A task that runs again, with as many further attempts as its policy has. */
    public record Reopened(
            UniversalUuid task, TaskStatus status, int remaining, int unmet, int maxAttempts, UniversalTimestamp at) {}

    public static final Command<Reopened> REOPEN = STATEMENTS.update("reopen", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, u.arg(Reopened::status));
        u.set(t.dependenciesRemaining, u.arg(Reopened::remaining));
        u.set(t.dependenciesUnmet, u.arg(Reopened::unmet));
        u.set(t.maxAttempts, u.arg(Reopened::maxAttempts));
        u.set(t.recoveryAttempts, 0);
        u.setNull(t.errorDetails);
        u.setNull(t.completedAt);
        u.setNull(t.retryAt);
        u.setNull(t.waitsFor);
        u.setNull(t.readyAt);
        u.set(t.childrenRemaining, 0);
        // It may have failed while its execution was paused.
        u.set(t.paused, UniversalBool.FALSE);
        u.set(t.updatedAt, u.arg(Reopened::at));
        u.where(t.id.eq(u.arg(Reopened::task)), Conditions.unmet(t));
    });

    private ControlStore() {}
}
