package io.cloacina.engine.internal.store;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** The statements that find why the tasks of an execution are in their states. */
public final class ReasonStore {
    public static final Statements STATEMENTS = new Statements("reasons");

    public record Page(UniversalUuid execution, int most) {}

    /** An unfinished task; texts are as stored. */
    public record Unfinished(
            UniversalUuid id,
            String name,
            TaskStatus status,
            int attempt,
            int maxAttempts,
            int priority,
            String configuration,
            @Nullable String dependencies,
            @Nullable String limitKeys,
            boolean isElement,
            boolean isPaused,
            @Nullable WaitKind waitsFor,
            @Nullable String signal,
            int childrenRemaining,
            @Nullable UniversalTimestamp retryAt,
            @Nullable UniversalTimestamp dueAt,
            @Nullable UniversalTimestamp startedAt,
            UniversalTimestamp updatedAt,
            @Nullable UniversalUuid claimedBy) {}

    /**
     * The unfinished tasks in topological order. Without runs for elements that have not begun: their task counts them.
     */
    public static final Select<Page, Unfinished> TASKS = STATEMENTS.select("tasks", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(
                t.pipelineExecutionId.eq(q.arg(Page::execution)),
                Conditions.unfinished(t),
                t.parentTaskId.isNull().or(t.status.ne(TaskStatus.NOT_STARTED)));
        q.orderBy(t.id.asc());
        q.limit(q.arg(Page::most));
        return row -> new Unfinished(
                row.get(t.id),
                row.get(t.taskName),
                row.get(t.status),
                row.get(t.attempt) - TaskStore.waits(row, t),
                row.get(t.maxAttempts) - TaskStore.waits(row, t),
                row.get(t.priority),
                row.get(t.taskConfiguration),
                row.orNull(t.dependencies),
                row.orNull(t.limitKeys),
                row.orNull(t.parentTaskId) != null,
                row.get(t.paused) == UniversalBool.TRUE,
                row.orNull(t.waitsFor),
                row.orNull(t.signalName),
                row.get(t.childrenRemaining),
                row.orNull(t.retryAt),
                row.orNull(t.dueAt),
                row.orNull(t.startedAt),
                row.get(t.updatedAt),
                row.orNull(t.claimedBy));
    });

    /** Since when an execution is paused, and why. */
    public record Pause(
            @Nullable UniversalTimestamp since, @Nullable String reason) {}

    public static final Select<UniversalUuid, Pause> PAUSE = STATEMENTS.select("pause", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.id.eq(q.arg()));
        return row -> new Pause(row.orNull(e.pausedAt), row.orNull(e.pauseReason));
    });

    public record Child(UniversalUuid id, String workflow, ExecutionStatus status) {}

    /** The first unfinished child of a task. */
    public static final Select<UniversalUuid, Child> CHILD = STATEMENTS.select("child", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.parentTaskId.eq(q.arg()), Conditions.unfinished(e));
        q.orderBy(e.id.asc());
        q.limit(1);
        return row -> new Child(row.get(e.id), row.get(e.pipelineName), row.get(e.status));
    });

    /** A ready task of a version, with what determines its place in the order of claims. */
    public record Place(String workflow, String version, int priority, UniversalUuid task, int most) {}

    private static String before(String no) {
        String ready =
                "SELECT c.id FROM task_executions c WHERE c.status = 'Ready' AND c.due_at IS NULL AND c.paused = " + no
                        + " AND c.limit_keys IS NULL AND c.pipeline_name = ? AND c.pipeline_version = ? AND c.priority ";
        return "SELECT (SELECT count(*) FROM (" + ready
                + "> ? ORDER BY c.priority DESC, c.id LIMIT ?) urgent) + (SELECT count(*) FROM (" + ready
                + ">= ? AND c.priority <= ? AND c.id < ? ORDER BY c.priority DESC, c.id LIMIT ?) older)";
    }

    /** How many ready tasks of the same version, of those without limits, are claimed before a task, up to a bound. */
    public static final Select<Place, Long> BEFORE =
            STATEMENTS.nativeSelect("before", before("0"), before("false"), q -> {
                q.bind(DataType.TEXT, Place::workflow);
                q.bind(DataType.TEXT, Place::version);
                q.bind(DataType.INTEGER, Place::priority);
                q.bind(DataType.INTEGER, Place::most);
                q.bind(DataType.TEXT, Place::workflow);
                q.bind(DataType.TEXT, Place::version);
                q.bind(DataType.INTEGER, Place::priority);
                q.bind(DataType.INTEGER, Place::priority);
                q.bind(DataType.UUID, Place::task);
                q.bind(DataType.INTEGER, Place::most);
                var count = q.column(DataType.BIGINT);
                return row -> row.get(count);
            });

    private ReasonStore() {}
}
