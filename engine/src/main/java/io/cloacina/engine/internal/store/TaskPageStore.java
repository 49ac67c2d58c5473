package io.cloacina.engine.internal.store;

import io.cloacina.api.TaskStatus;
import io.cloacina.schema.sql.Condition;
import io.cloacina.schema.sql.Nulls;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.SelectBuilder;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.TaskAttempts;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements that read tasks of an execution, and their attempts, a page at a time. */
public final class TaskPageStore {
    public static final Statements STATEMENTS = new Statements("task-pages");

    /**
     * A part of the tasks of an execution.
     *
     * @param states the states of the tasks, distinct and at least one
     * @param first the least id
     * @param last the greatest id
     * @param at when the task before the page began, for a page in that order
     * @param after the task before the page
     * @param attempt the attempt of that task before the page, for a page of attempts
     */
    public record Part(
            UniversalUuid execution,
            List<TaskStatus> states,
            UniversalUuid first,
            UniversalUuid last,
            UniversalTimestamp at,
            UniversalUuid after,
            int attempt,
            int limit) {}

    /** In the order of the definition. */
    public static final Select<Part, HistoryStore.StoredTask> LIST = STATEMENTS.select("list", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(isOf(q, t), t.id.gt(q.arg(Part::after)));
        q.orderBy(t.id.asc());
        q.limit(q.arg(Part::limit));
        return row -> HistoryStore.task(row, t);
    });

    /** The tasks that have begun, in the order in which they did. */
    public static final Select<Part, HistoryStore.StoredTask> BEGUN = STATEMENTS.select("begun", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(
                isOf(q, t),
                t.startedAt
                        .gt(q.arg(Part::at))
                        .or(t.startedAt.eq(q.arg(Part::at)).and(t.id.gt(q.arg(Part::after)))));
        q.orderBy(t.startedAt.asc(Nulls.LAST), t.id.asc());
        q.limit(q.arg(Part::limit));
        return row -> HistoryStore.task(row, t);
    });

    /** A task that has begun, and the runner that has claimed it now. */
    public record Begun(HistoryStore.StoredTask task, AttemptStore.@Nullable Holder holder) {}

    /**
     * The tasks that have begun, in the order of the definition, including the task {@code after}: it may have later
     * attempts.
     */
    public static final Select<Part, Begun> HOLDERS = STATEMENTS.select("holders", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(isOf(q, t), t.startedAt.isNotNull(), t.id.ge(q.arg(Part::after)));
        q.orderBy(t.id.asc());
        q.limit(q.arg(Part::limit));
        var runner = q.leftJoin(t.runner);
        return row -> {
            UUID task = row.get(t.id).value();
            return new Begun(
                    HistoryStore.task(row, t),
                    row.orNull(
                            runner,
                            (joined, r) -> new AttemptStore.Holder(
                                    task,
                                    joined.get(r.id).value(),
                                    new AttemptStore.RunnerProcess(joined.get(r.host), joined.get(r.pid)))));
        };
    });

    /** The stored attempts, by task. */
    public static final Select<Part, AttemptStore.Stored> ATTEMPTS = STATEMENTS.select("attempts", q -> {
        var a = q.from(TaskAttempts::new);
        var t = q.join(a.task);
        q.where(
                isOf(q, t),
                a.taskExecutionId
                        .gt(q.arg(Part::after))
                        .or(a.taskExecutionId.eq(q.arg(Part::after)).and(a.attempt.gt(q.arg(Part::attempt)))));
        q.orderBy(a.taskExecutionId.asc(), a.attempt.asc(), a.id.asc());
        q.limit(q.arg(Part::limit));
        return row -> AttemptStore.stored(row, a, t);
    });

    /** How many tasks of an execution have a state; states without tasks are left out. */
    public record Counted(TaskStatus status, long tasks) {}

    public static final Select<UniversalUuid, Counted> COUNTS = STATEMENTS.select("counts", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg()));
        q.groupBy(t.status);
        var count = q.count();
        return row -> new Counted(row.get(t.status), row.get(count));
    });

    public record Named(UniversalUuid execution, String name) {}

    public static final Select<Named, UniversalUuid> BY_NAME = STATEMENTS.select("by-name", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg(Named::execution)), t.taskName.eq(q.arg(Named::name)));
        return row -> row.get(t.id);
    });

    /** The tasks of the definition, in its order: without the runs for elements of a list, and without errors. */
    public static final Select<UniversalUuid, HistoryStore.StoredTask> OF_DEFINITION =
            STATEMENTS.select("of-definition", q -> {
                var t = q.from(TaskExecutions::new);
                q.where(t.pipelineExecutionId.eq(q.arg()), t.parentTaskId.isNull());
                q.orderBy(t.id.asc());
                return row -> HistoryStore.taskWithoutError(row, t);
            });

    private TaskPageStore() {}

    private static Condition isOf(SelectBuilder<Part> q, TaskExecutions t) {
        // One statement, whatever the number of states.
        return t.pipelineExecutionId
                .eq(q.arg(Part::execution))
                .and(t.id.ge(q.arg(Part::first)))
                .and(t.id.le(q.arg(Part::last)))
                .and(Conditions.any(
                        TaskStatus.values().length, i -> t.status.eq(q.arg(part -> Search.at(i, part.states())))));
    }
}
