package io.cloacina.benchmarks;

import io.cloacina.api.ExecutionOrigin;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** The statements that are measured. The floor runs the same texts, prepared and bound by hand. */
final class Catalog {
    static final Statements STATEMENTS = new Statements("benchmark");

    /** Rows of the seed are as old as this; what a measurement inserts is younger and is deleted after it. */
    static final UniversalTimestamp SEEDED_AT = UniversalTimestamp.ofEpochMicros(1_700_000_000_000_000L);

    /** Four columns: what a transaction costs beside its statement shows most. */
    static final Command<NewContext> INSERT_CONTEXT = STATEMENTS.insert("insert-context", i -> {
        var c = i.into(Contexts::new);
        i.set(c.id, i.arg(NewContext::id));
        i.set(c.value, i.arg(NewContext::value));
        i.set(c.createdAt, i.arg(NewContext::createdAt));
        i.set(c.updatedAt, i.arg(NewContext::createdAt));
    });

    static final Command<UniversalUuid> INSERT_EXECUTION = STATEMENTS.insert("insert-execution", i -> {
        var e = i.into(PipelineExecutions::new);
        i.set(e.id, i.arg());
        i.set(e.pipelineName, "nightly-import");
        i.set(e.pipelineVersion, "2025.1");
        i.set(e.status, ExecutionStatus.RUNNING);
        i.set(e.recoveryAttempts, 0);
        i.set(e.createdAt, SEEDED_AT);
        i.set(e.updatedAt, SEEDED_AT);
        i.set(e.leavesRemaining, Seed.TASKS_PER_EXECUTION);
        i.set(e.tasksFailed, 0);
        i.set(e.priority, 0);
        i.set(e.origin, ExecutionOrigin.SUBMIT);
    });

    /** Twenty values of every kind: what binding a value costs shows most. */
    static final Command<NewTask> INSERT_TASK = STATEMENTS.insert("insert-task", i -> {
        var t = i.into(TaskExecutions::new);
        i.set(t.id, i.arg(NewTask::id));
        i.set(t.pipelineExecutionId, i.arg(NewTask::executionId));
        i.set(t.taskName, i.arg(NewTask::taskName));
        i.set(t.status, i.arg(NewTask::status));
        i.set(t.startedAt, i.argOrNull(NewTask::startedAt));
        i.set(t.attempt, i.arg(NewTask::attempt));
        i.set(t.maxAttempts, i.arg(NewTask::maxAttempts));
        i.set(t.triggerRules, i.arg(NewTask::triggerRules));
        i.set(t.taskConfiguration, i.arg(NewTask::taskConfiguration));
        i.set(t.retryAt, i.argOrNull(NewTask::retryAt));
        i.set(t.recoveryAttempts, 0);
        i.set(t.createdAt, i.arg(NewTask::createdAt));
        i.set(t.updatedAt, i.arg(NewTask::createdAt));
        i.set(t.dependenciesRemaining, i.arg(NewTask::dependenciesRemaining));
        i.set(t.dependenciesUnmet, 0);
        i.set(t.childrenRemaining, 0);
        i.set(t.claimedBy, i.argOrNull(NewTask::claimedBy));
        i.set(t.pipelineName, i.arg(NewTask::pipelineName));
        i.set(t.pipelineVersion, i.arg(NewTask::pipelineVersion));
        i.set(t.priority, i.arg(NewTask::priority));
        i.set(t.paused, UniversalBool.FALSE);
    });

    /** A compare-and-set by primary key. */
    static final Command<Started> START_TASK = STATEMENTS.update("start-task", u -> {
        var t = u.table(TaskExecutions::new);
        u.set(t.attempt, u.arg(Started::attempt));
        u.set(t.startedAt, u.arg(Started::at));
        u.set(t.updatedAt, u.arg(Started::at));
        u.where(t.id.eq(u.arg(Started::taskId)), t.status.eq(TaskStatus.RUNNING));
    });

    /** A task with its execution, by primary key. */
    static final Select<UniversalUuid, TaskView> FIND_TASK = STATEMENTS.select("find-task", q -> {
        var t = q.from(TaskExecutions::new);
        var e = q.join(t.execution);
        q.where(t.id.eq(q.arg()));
        return row -> new TaskView(
                row.get(t.id),
                row.get(t.taskName),
                row.get(t.status),
                row.get(t.attempt),
                row.orNull(t.startedAt),
                row.orNull(t.claimedBy),
                row.get(t.updatedAt),
                row.get(e.id),
                row.get(e.pipelineName),
                row.get(e.status),
                row.get(e.createdAt),
                row.get(e.leavesRemaining));
    });

    static final Command<UniversalTimestamp> DELETE_CONTEXTS = STATEMENTS.delete("delete-contexts", d -> {
        var c = d.from(Contexts::new);
        d.where(c.createdAt.gt(d.arg()));
    });

    static final Command<UniversalTimestamp> DELETE_TASKS = STATEMENTS.delete("delete-tasks", d -> {
        var t = d.from(TaskExecutions::new);
        d.where(t.createdAt.gt(d.arg()));
    });

    private Catalog() {}

    record NewContext(UniversalUuid id, String value, UniversalTimestamp createdAt) {}

    record NewTask(
            UniversalUuid id,
            UniversalUuid executionId,
            String taskName,
            TaskStatus status,
            @Nullable UniversalTimestamp startedAt,
            Integer attempt,
            Integer maxAttempts,
            String triggerRules,
            String taskConfiguration,
            @Nullable UniversalTimestamp retryAt,
            UniversalTimestamp createdAt,
            Integer dependenciesRemaining,
            @Nullable UniversalUuid claimedBy,
            String pipelineName,
            String pipelineVersion,
            Integer priority) {}

    record Started(UniversalUuid taskId, Integer attempt, UniversalTimestamp at) {}

    record TaskView(
            UniversalUuid id,
            String name,
            TaskStatus status,
            Integer attempt,
            @Nullable UniversalTimestamp startedAt,
            @Nullable UniversalUuid claimedBy,
            UniversalTimestamp updatedAt,
            UniversalUuid executionId,
            String pipelineName,
            ExecutionStatus executionStatus,
            UniversalTimestamp executionCreatedAt,
            Integer leavesRemaining) {}
}
