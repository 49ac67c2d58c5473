package io.cloacina.engine.internal.store;

import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.claim.Workflow;
import io.cloacina.engine.internal.json.JsonContext;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The statements by which an execution continues with another version of its workflow. */
public final class VersionStore {
    public static final Statements STATEMENTS = new Statements("versions");

    /** Executions of a version, after an id. */
    public record Page(String workflow, String version, UniversalUuid after, int limit) {}

    public static final Select<Page, UniversalUuid> UNFINISHED = STATEMENTS.select("unfinished", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(
                e.pipelineName.eq(q.arg(Page::workflow)),
                e.pipelineVersion.eq(q.arg(Page::version)),
                Conditions.unfinished(e),
                e.id.gt(q.arg(Page::after)));
        q.orderBy(e.id.asc());
        q.limit(q.arg(Page::limit));
        return row -> row.get(e.id);
    });

    /** Locks the rows of all unfinished tasks of an execution, without changing them. */
    public static final Command<ExecutionStore.At> LOCK_TASKS = STATEMENTS.update("lock-tasks", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.updatedAt, t.updatedAt);
        u.where(t.pipelineExecutionId.eq(u.arg(ExecutionStore.At::execution)), Conditions.unfinished(t));
    });

    /**
     * A task, or a run for an element, as a change of the version sees it.
     *
     * @param waits how many of its claims ended by waiting, which do not count as attempts
     */
    public record Task(
            UniversalUuid id,
            String name,
            TaskStatus status,
            int attempt,
            int maxAttempts,
            int waits,
            String rule,
            String configuration,
            @Nullable String dependenciesJson,
            @Nullable String limitKeys,
            @Nullable String error,
            boolean isElement) {
        public List<String> dependencies() {
            return JsonContext.texts(dependenciesJson);
        }

        public boolean isFinished() {
            return status.isFinished();
        }
    }

    /** The tasks in topological order, in which they were stored. */
    public static final Select<UniversalUuid, Task> TASKS = STATEMENTS.select("tasks", q -> {
        var t = q.from(TaskExecutions::new);
        q.where(t.pipelineExecutionId.eq(q.arg()));
        q.orderBy(t.id.asc());
        return row -> new Task(
                row.get(t.id),
                row.get(t.taskName),
                row.get(t.status),
                row.get(t.attempt),
                row.get(t.maxAttempts),
                TaskStore.waits(row, t),
                row.get(t.triggerRules),
                row.get(t.taskConfiguration),
                row.orNull(t.dependencies),
                row.orNull(t.limitKeys),
                row.orNull(t.errorDetails),
                row.orNull(t.parentTaskId) != null);
    });

    /** The settings of another version for an unfinished task. */
    public record Change(
            UniversalUuid task,
            String version,
            String rule,
            String configuration,
            int maxAttempts,
            int priority,
            @Nullable String limitKeys,
            UniversalTimestamp at) {}

    public static final Command<Change> CHANGE_TASK = STATEMENTS.update("change-task", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.pipelineVersion, u.arg(Change::version));
        u.set(t.triggerRules, u.arg(Change::rule));
        u.set(t.taskConfiguration, u.arg(Change::configuration));
        u.set(t.maxAttempts, u.arg(Change::maxAttempts));
        u.set(t.priority, u.arg(Change::priority));
        u.set(t.limitKeys, u.argOrNull(Change::limitKeys));
        u.set(t.updatedAt, u.arg(Change::at));
        u.where(t.id.eq(u.arg(Change::task)));
    });

    /** The other version for an unfinished run for an element. */
    public record ElementChange(UniversalUuid task, String version, UniversalTimestamp at) {}

    public static final Command<ElementChange> CHANGE_ELEMENT = STATEMENTS.update("change-element", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.pipelineVersion, u.arg(ElementChange::version));
        u.set(t.updatedAt, u.arg(ElementChange::at));
        u.where(t.id.eq(u.arg(ElementChange::task)));
    });

    public record ExecutionChange(
            UniversalUuid execution, String before, String version, int leaves, UniversalTimestamp at) {}

    /** Does nothing if the execution has ended, or has another version already. */
    public static final Command<ExecutionChange> CHANGE_EXECUTION = STATEMENTS.update("change-execution", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.pipelineVersion, u.arg(ExecutionChange::version));
        u.set(e.leavesRemaining, u.arg(ExecutionChange::leaves));
        u.set(e.updatedAt, u.arg(ExecutionChange::at));
        u.where(
                e.id.eq(u.arg(ExecutionChange::execution)),
                e.pipelineVersion.eq(u.arg(ExecutionChange::before)),
                Conditions.unfinished(e));
    });

    /** A task of a restarted execution that keeps its end from the first one. */
    public record Kept(
            UniversalUuid id,
            UniversalUuid execution,
            Workflow workflow,
            int position,
            Task before,
            int unmet,
            int priority,
            UniversalTimestamp at) {}

    public static final Command<Kept> KEEP_TASK = STATEMENTS.insert("keep-task", i -> {
        var t = i.into(TaskExecutions::new);
        i.set(t.id, i.arg(Kept::id));
        i.set(t.pipelineExecutionId, i.arg(Kept::execution));
        i.set(t.pipelineName, i.arg(kept -> kept.workflow().name()));
        i.set(t.pipelineVersion, i.arg(kept -> kept.workflow().version()));
        i.set(t.taskName, i.arg(kept -> kept.workflow().task(kept.position()).name()));
        i.set(t.status, i.arg(kept -> kept.before().status()));
        i.set(t.dependenciesRemaining, 0);
        i.set(t.dependenciesUnmet, i.arg(Kept::unmet));
        i.set(t.attempt, i.arg(kept -> kept.before().attempt() - kept.before().waits()));
        i.set(
                t.maxAttempts,
                i.arg(kept -> kept.before().maxAttempts() - kept.before().waits()));
        i.set(t.recoveryAttempts, 0);
        i.set(t.errorDetails, i.argOrNull(kept -> kept.before().error()));
        i.set(t.priority, i.arg(Kept::priority));
        i.set(t.triggerRules, i.arg(kept -> kept.workflow().ruleJson(kept.position())));
        i.set(t.taskConfiguration, i.arg(kept -> kept.workflow().configurationJson(kept.position())));
        i.set(t.dependencies, i.argOrNull(kept -> kept.workflow().dependenciesJson(kept.position())));
        i.set(t.paused, UniversalBool.FALSE);
        i.set(t.childrenRemaining, 0);
        i.set(t.completedAt, i.arg(Kept::at));
        i.set(t.createdAt, i.arg(Kept::at));
        i.set(t.updatedAt, i.arg(Kept::at));
    });

    private VersionStore() {}
}
