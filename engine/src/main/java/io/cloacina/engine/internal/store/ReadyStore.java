package io.cloacina.engine.internal.store;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.ClaimableWorkflows;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Nulls;
import io.cloacina.schema.sql.RowReader;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.SelectBuilder;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.sql.UpdateBuilder;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements over tasks that wait: for a runner, for a time, or for the end of a pause. */
public final class ReadyStore {
    public static final Statements STATEMENTS = new Statements("ready");

    public record ClaimRequest(
            String workflow, String version, UniversalUuid runner, int atMost, UniversalTimestamp at) {}

    /** A claim of tasks of one priority that come after one of them in the order of claims. */
    public record ClaimBehind(ClaimRequest request, int priority, UniversalUuid task) {}

    public static final ChangeReturning<ClaimRequest, TaskStore.Taken> CLAIM =
            STATEMENTS.updateReturning("claim", u -> claim(u, request -> request, (q, ready) -> {}));

    /**
     * Claims from a position in the index on, to skip the entries of claimed tasks, which PostgreSQL keeps until a
     * vacuum.
     */
    public static final ChangeReturning<ClaimBehind, TaskStore.Taken> CLAIM_BEHIND = STATEMENTS.updateReturning(
            "claim-behind",
            u -> claim(
                    u,
                    ClaimBehind::request,
                    (q, ready) -> q.where(
                            ready.priority.eq(q.arg(ClaimBehind::priority)), ready.id.gt(q.arg(ClaimBehind::task)))));

    /** @param more further conditions for the claimed tasks */
    private static <P> RowReader<TaskStore.Taken> claim(
            UpdateBuilder<P> u, Function<P, ClaimRequest> of, BiConsumer<SelectBuilder<P>, TaskExecutions> more) {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.RUNNING);
        u.set(t.claimedBy, u.arg(request -> of.apply(request).runner()));
        u.increment(t.attempt, 1);
        u.set(t.readyAt, t.updatedAt);
        u.set(t.startedAt, u.arg(request -> of.apply(request).at()));
        u.set(t.updatedAt, u.arg(request -> of.apply(request).at()));
        u.claim(t.id, q -> {
            var ready = q.from(TaskExecutions::new);
            q.where(
                    ready.status.eq(TaskStatus.READY),
                    ready.dueAt.isNull(),
                    ready.paused.eq(UniversalBool.FALSE),
                    ready.limitKeys.isNull(),
                    ready.pipelineName.eq(q.arg(request -> of.apply(request).workflow())),
                    ready.pipelineVersion.eq(q.arg(request -> of.apply(request).version())));
            more.accept(q, ready);
            q.orderBy(ready.priority.desc(), ready.id.asc());
            q.limit(q.arg(request -> of.apply(request).atMost()));
            return ready.id;
        });
        return row -> TaskStore.taken(row, t);
    }

    /** A workflow with tasks that can be claimed, and the highest priority among them. */
    public record ReadyWorkflow(String workflow, String version, int priority) {}

    private static final String READY = """
        FROM task_executions t
        WHERE t.status = 'Ready' AND t.due_at IS NULL AND t.paused = %s AND t.limit_keys %s
          AND t.pipeline_name = w.name AND t.pipeline_version = w.version\
        """;

    /** Tasks with limits have the lowest priority here: only a claim tells whether the limits have room. */
    private static String look(String no, String workflows) {
        return "SELECT name, version, priority FROM (SELECT w.name, w.version, coalesce((SELECT t.priority "
                + READY.formatted(no, "IS NULL") + " ORDER BY t.priority DESC, t.id LIMIT 1), (SELECT "
                + ClaimableWorkflows.SUSPICION + " "
                + READY.formatted(no, "IS NOT NULL")
                + " LIMIT 1)) AS priority FROM (" + workflows + ") w) looked WHERE priority IS NOT NULL";
    }

    /**
     * The workflows of a JSON array of pairs that have tasks which can be claimed: one access to the index for each.
     */
    public static final Select<String, ReadyWorkflow> CLAIMABLE = STATEMENTS.nativeSelect(
            "claimable",
            look(
                    "0",
                    "SELECT json_extract(value, '$[0]') AS name, json_extract(value, '$[1]') AS version FROM"
                            + " json_each(?)"),
            look(
                    "false",
                    "SELECT pair ->> 0 AS name, pair ->> 1 AS version FROM jsonb_array_elements(CAST(CAST(? AS text)"
                            + " AS jsonb)) pair"),
            q -> {
                q.bind(DataType.TEXT, json -> json);
                var name = q.column(DataType.TEXT);
                var version = q.column(DataType.TEXT);
                var priority = q.column(DataType.INTEGER);
                return row -> new ReadyWorkflow(row.get(name), row.get(version), row.get(priority));
            });

    public static final Select<NoArgument, UniversalTimestamp> NEXT_DUE = STATEMENTS.select("next-due", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.dueAt.isNotNull());
        q.orderBy(t.dueAt.asc(Nulls.LAST));
        q.limit(1);
        return row -> Objects.requireNonNullElse(row.orNull(t.dueAt), UniversalTimestamp.MIN);
    });

    public record Due(UniversalTimestamp now, int atMost) {}

    /** Makes tasks ready whose time has come: they were ready except for it, or slept, or waited for a signal. */
    public static final ChangeReturning<Due, ReadyWorkflow> WAKE_DUE = STATEMENTS.updateReturning("wake-due", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.setNull(t.dueAt);
        u.set(t.updatedAt, u.arg(Due::now));
        u.claim(t.id, q -> {
            var due = q.from(TaskExecutions::new);
            q.where(due.dueAt.isNotNull(), due.dueAt.le(q.arg(Due::now)));
            q.orderBy(due.dueAt.asc(Nulls.LAST));
            q.limit(q.arg(Due::atMost));
            return due.id;
        });
        return row -> new ReadyWorkflow(row.get(t.pipelineName), row.get(t.pipelineVersion), row.get(t.priority));
    });

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
        WHERE pipeline_execution_id = ? AND waits_for = 'Children' AND status IN ('Ready', 'Waiting')\
        """;

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
        u.where(
                t.id.eq(u.arg(Reopened::task)),
                t.status.in(TaskStatus.FAILED, TaskStatus.SKIPPED, TaskStatus.CANCELLED));
    });

    private ReadyStore() {}
}
