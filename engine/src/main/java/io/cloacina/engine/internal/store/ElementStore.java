package io.cloacina.engine.internal.store;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Claimed;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Nulls;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** The statements over the runs for the elements of a list, and over the results of children. */
public final class ElementStore {
    public static final Statements STATEMENTS = new Statements("elements");

    /** A run for one element. It has a row of its own among the tasks. */
    public record NewElement(
            UniversalUuid id,
            Claimed parent,
            String name,
            int index,
            String json,
            TaskStatus status,
            UniversalBool paused,
            int maxAttempts,
            @Nullable String limitKeys,
            UniversalTimestamp at) {}

    public static final Command<NewElement> INSERT = STATEMENTS.insert("insert", i -> {
        var t = i.into(TaskExecutions::new);
        i.set(t.id, i.arg(NewElement::id));
        i.set(t.pipelineExecutionId, i.arg(element -> element.parent().claim().execution()));
        i.set(t.pipelineName, i.arg(element -> element.parent().workflow().name()));
        i.set(t.pipelineVersion, i.arg(element -> element.parent().workflow().version()));
        i.set(t.taskName, i.arg(NewElement::name));
        i.set(t.status, i.arg(NewElement::status));
        i.set(t.dependenciesRemaining, 0);
        i.set(t.dependenciesUnmet, 0);
        i.set(t.attempt, 0);
        i.set(t.maxAttempts, i.arg(NewElement::maxAttempts));
        i.set(t.recoveryAttempts, 0);
        i.set(t.priority, i.arg(element -> element.parent().priority()));
        i.set(t.triggerRules, "{\"type\":\"Always\"}");
        i.set(t.taskConfiguration, "{}");
        i.set(t.paused, i.arg(NewElement::paused));
        i.set(t.childrenRemaining, 0);
        i.set(t.parentTaskId, i.arg(element -> element.parent().claim().task()));
        i.set(t.elementIndex, i.arg(NewElement::index));
        i.set(t.element, i.arg(NewElement::json));
        i.set(t.limitKeys, i.argOrNull(NewElement::limitKeys));
        i.set(t.createdAt, i.arg(NewElement::at));
        i.set(t.updatedAt, i.arg(NewElement::at));
    });

    /** A run that exists already when its task begins again. */
    public record Known(UniversalUuid id, TaskStatus status, int attempt) {}

    public static final Select<UniversalUuid, Known> OF_TASK = STATEMENTS.select("of-task", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.parentTaskId.eq(q.arg()));
        q.orderBy(t.elementIndex.asc(Nulls.LAST));
        return row -> new Known(row.get(t.id), row.get(t.status), row.get(t.attempt));
    });

    public record Again(
            UniversalUuid id, TaskStatus status, UniversalBool paused, int maxAttempts, UniversalTimestamp at) {}

    public static final Command<Again> REOPEN = STATEMENTS.update("reopen", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, u.arg(Again::status));
        u.set(t.paused, u.arg(Again::paused));
        u.set(t.maxAttempts, u.arg(Again::maxAttempts));
        u.set(t.recoveryAttempts, 0);
        u.setNull(t.errorDetails);
        u.setNull(t.completedAt);
        u.setNull(t.retryAt);
        u.setNull(t.waitsFor);
        u.setNull(t.readyAt);
        u.set(t.updatedAt, u.arg(Again::at));
        u.where(t.id.eq(u.arg(Again::id)), Conditions.unmet(t));
    });

    public record Next(UniversalUuid parent, int atMost) {}

    /** The next runs to begin, in the order of the elements. */
    public static final Select<Next, UniversalUuid> NEXT = STATEMENTS.select("next", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.parentTaskId.eq(q.arg(Next::parent)), t.status.eq(TaskStatus.NOT_STARTED));
        q.orderBy(t.elementIndex.asc(Nulls.LAST));
        q.limit(q.arg(Next::atMost));
        return row -> row.get(t.id);
    });

    /** Waits for another transaction that has locked the row: a run that was passed over might never begin. */
    public static final Command<WaitStore.GoOn> BEGIN = STATEMENTS.update("begin", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.READY);
        u.set(t.updatedAt, u.arg(WaitStore.GoOn::at));
        u.where(t.id.eq(u.arg(WaitStore.GoOn::task)), t.status.eq(TaskStatus.NOT_STARTED));
    });

    public record Rest(UniversalUuid parent, String reason, UniversalTimestamp at) {}

    /** Skips the runs that have not begun. */
    public static final Command<Rest> SKIP_REST = STATEMENTS.update("skip-rest", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.status, TaskStatus.SKIPPED);
        u.setNull(t.dueAt);
        u.set(t.paused, UniversalBool.FALSE);
        u.set(t.errorDetails, u.arg(Rest::reason));
        u.set(t.completedAt, u.arg(Rest::at));
        u.set(t.updatedAt, u.arg(Rest::at));
        u.where(
                t.parentTaskId.eq(u.arg(Rest::parent)),
                t.status.in(TaskStatus.NOT_STARTED, TaskStatus.READY),
                t.waitsFor.isNull());
    });

    /** How a run ended: its status, what it wrote as JSON, and why it failed. */
    public record Result(
            TaskStatus status,
            @Nullable String patch,
            @Nullable String error) {}

    /** The results in the order of the elements. */
    public static final Select<UniversalUuid, Result> RESULTS_OF = STATEMENTS.select("results-of", q -> {
        var t = q.from(TaskExecutions::new);
        var output = q.leftJoin(t, TaskExecutionMetadata::new, m -> m.task);
        var context = q.leftJoin(output, m -> m.context);
        q.where(t.parentTaskId.eq(q.arg()));
        q.orderBy(t.elementIndex.asc(Nulls.LAST));
        return row -> new Result(
                row.get(t.status), row.orNull(context, (joined, c) -> joined.get(c.value)), row.orNull(t.errorDetails));
    });

    /** The last child execution that a task has submitted. */
    public static final Select<UniversalUuid, UniversalUuid> CHILD_OF = STATEMENTS.select("child-of", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.parentTaskId.eq(q.arg()));
        q.orderBy(e.id.desc());
        q.limit(1);
        return row -> row.get(e.id);
    });

    /** A task that failed, and why. */
    public record Failure(String task, @Nullable String error) {}

    /** The first failure of an execution. */
    public static final Select<UniversalUuid, Failure> FIRST_FAILURE_OF = STATEMENTS.select("first-failure-of", q -> {
        var t = q.from(TaskExecutions::new);
        // Without the runs for elements, which belong to their task.
        q.where(t.pipelineExecutionId.eq(q.arg()), t.parentTaskId.isNull(), t.status.eq(TaskStatus.FAILED));
        q.orderBy(t.completedAt.asc(Nulls.LAST), t.id.asc());
        q.limit(1);
        return row -> new Failure(row.get(t.taskName), row.orNull(t.errorDetails));
    });

    private ElementStore() {}
}
