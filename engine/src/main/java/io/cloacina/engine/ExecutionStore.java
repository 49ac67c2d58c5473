package io.cloacina.engine;

import io.cloacina.schema.sql.ChangeReturning;
import io.cloacina.schema.sql.Command;
import io.cloacina.schema.sql.Row;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.ExecutionOrigin;
import io.cloacina.schema.tables.ExecutionStatus;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The statements over executions and their contexts. */
final class ExecutionStore {
    static final Statements STATEMENTS = new Statements("executions");

    record NewContext(UniversalUuid id, String json, UniversalTimestamp at) {}

    static final Command<NewContext> INSERT_CONTEXT = STATEMENTS.insert("insert-context", i -> {
        var c = i.into(Contexts::new);
        i.set(c.id, i.arg(NewContext::id));
        i.set(c.value, i.arg(NewContext::json));
        i.set(c.createdAt, i.arg(NewContext::at));
        i.set(c.updatedAt, i.arg(NewContext::at));
    });

    record NewExecution(
            UniversalUuid id,
            String workflow,
            String version,
            @Nullable UniversalUuid context,
            int tasks,
            UniversalTimestamp at) {}

    static final Command<NewExecution> INSERT = STATEMENTS.insert("insert", i -> {
        var e = i.into(PipelineExecutions::new);
        i.set(e.id, i.arg(NewExecution::id));
        i.set(e.pipelineName, i.arg(NewExecution::workflow));
        i.set(e.pipelineVersion, i.arg(NewExecution::version));
        i.set(e.status, ExecutionStatus.PENDING);
        i.set(e.contextId, i.argOrNull(NewExecution::context));
        i.set(e.recoveryAttempts, 0);
        i.set(e.tasksRemaining, i.arg(NewExecution::tasks));
        i.set(e.priority, 0);
        i.set(e.origin, ExecutionOrigin.SUBMIT);
        i.set(e.createdAt, i.arg(NewExecution::at));
        i.set(e.updatedAt, i.arg(NewExecution::at));
    });

    record At(UniversalUuid execution, UniversalTimestamp at) {}

    /** The first claim of a task is the start of its execution; later ones change nothing. */
    static final Command<At> START = STATEMENTS.update("start", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.status, ExecutionStatus.RUNNING);
        u.set(e.startedAt, u.arg(At::at));
        u.set(e.updatedAt, u.arg(At::at));
        u.where(e.id.eq(u.arg(At::execution)), e.status.eq(ExecutionStatus.PENDING));
    });

    record Finished(UniversalUuid execution, int minusTasks, UniversalTimestamp at) {}

    /** Counts finished tasks down; the lock of the row makes finishers of one execution wait for each other. */
    static final ChangeReturning<Finished, Integer> COUNT_DOWN = STATEMENTS.updateReturning("count-down", u -> {
        var e = u.table(PipelineExecutions::new);
        u.increment(e.tasksRemaining, u.arg(Finished::minusTasks));
        u.set(e.updatedAt, u.arg(Finished::at));
        u.where(e.id.eq(u.arg(Finished::execution)));
        return row -> row.get(e.tasksRemaining);
    });

    record Completion(
            UniversalUuid execution,
            ExecutionStatus status,
            @Nullable String error,
            UniversalTimestamp at) {}

    static final Command<Completion> COMPLETE = STATEMENTS.update("complete", u -> {
        var e = u.table(PipelineExecutions::new);
        u.set(e.status, u.arg(Completion::status));
        u.set(e.errorDetails, u.argOrNull(Completion::error));
        u.set(e.completedAt, u.arg(Completion::at));
        u.set(e.updatedAt, u.arg(Completion::at));
        u.where(e.id.eq(u.arg(Completion::execution)), e.tasksRemaining.eq(0));
    });

    static final Select<UniversalUuid, Execution> FIND = STATEMENTS.select("find", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.id.eq(q.arg()));
        return row -> execution(row, e);
    });

    static final Select<String, Execution> UNFINISHED = STATEMENTS.select("unfinished", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(
                e.pipelineName.eq(q.arg()),
                e.status.in(ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED));
        q.orderBy(e.createdAt.asc(), e.id.asc());
        return row -> execution(row, e);
    });

    /** An execution's workflow and its input, null when it is empty. */
    record Input(String workflow, String version, @Nullable String json) {}

    static final Select<UniversalUuid, Input> INPUT = STATEMENTS.select("input", q -> {
        var e = q.from(PipelineExecutions::new);
        var c = q.leftJoin(e.context);
        q.where(e.id.eq(q.arg()));
        return row -> new Input(
                row.get(e.pipelineName),
                row.get(e.pipelineVersion),
                row.orNull(c, (joined, context) -> joined.get(context.value)));
    });

    /** What one task wrote. */
    record Patch(String taskName, String json) {}

    static final Select<UniversalUuid, Patch> PATCHES = STATEMENTS.select("patches", q -> {
        var m = q.from(TaskExecutionMetadata::new);
        var c = q.join(m.context);
        q.where(m.pipelineExecutionId.eq(q.arg()));
        return row -> new Patch(row.get(m.taskName), row.get(c.value));
    });

    record NewOutput(
            UniversalUuid id,
            UniversalUuid task,
            UniversalUuid execution,
            String taskName,
            @Nullable UniversalUuid context,
            UniversalTimestamp at) {}

    static final Command<NewOutput> INSERT_OUTPUT = STATEMENTS.insert("insert-output", i -> {
        var m = i.into(TaskExecutionMetadata::new);
        i.set(m.id, i.arg(NewOutput::id));
        i.set(m.taskExecutionId, i.arg(NewOutput::task));
        i.set(m.pipelineExecutionId, i.arg(NewOutput::execution));
        i.set(m.taskName, i.arg(NewOutput::taskName));
        i.set(m.contextId, i.argOrNull(NewOutput::context));
        i.set(m.createdAt, i.arg(NewOutput::at));
        i.set(m.updatedAt, i.arg(NewOutput::at));
    });

    private ExecutionStore() {}

    private static Execution execution(Row row, PipelineExecutions e) {
        return new Execution(
                row.get(e.id).value(),
                row.get(e.pipelineName),
                row.get(e.pipelineVersion),
                row.get(e.status),
                row.get(e.createdAt).toInstant(),
                instant(row.orNull(e.startedAt)),
                instant(row.orNull(e.completedAt)),
                row.orNull(e.errorDetails));
    }

    static @Nullable Instant instant(@Nullable UniversalTimestamp at) {
        return at == null ? null : at.toInstant();
    }
}
