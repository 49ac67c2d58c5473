package io.cloacina.crash;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.FanOut;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.database.Database;
import io.cloacina.schema.sql.NoArgument;
import io.cloacina.schema.sql.Select;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.Runners;
import io.cloacina.schema.tables.Signals;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All rows of the engine's tables, read in one snapshot. */
record Tables(
        List<ExecutionRow> executions,
        List<TaskRow> tasks,
        List<InputRow> inputs,
        List<OutputRow> outputs,
        List<RecoveryRow> recoveries,
        List<SignalRow> signals,
        List<UniversalUuid> runners) {
    static final Statements STATEMENTS = new Statements("crash");

    record ExecutionRow(
            UUID id,
            String workflow,
            ExecutionStatus status,
            int leavesRemaining,
            int tasksFailed,
            @Nullable String key,
            @Nullable String error,
            @Nullable UUID parentTask,
            @Nullable UniversalTimestamp completedAt) {}

    record TaskRow(
            UUID id,
            UUID execution,
            String name,
            TaskStatus status,
            int claims,
            int attempt,
            int maxAttempts,
            int dependenciesRemaining,
            int dependenciesUnmet,
            @Nullable UniversalUuid claimedBy,
            @Nullable UniversalTimestamp dueAt,
            boolean paused,
            int childrenRemaining,
            @Nullable UUID parentTask,
            @Nullable Integer elementIndex,
            @Nullable UniversalTimestamp startedAt,
            @Nullable UniversalTimestamp completedAt) {
        /** Whether it is a run for one element of a list. */
        boolean isElement() {
            return parentTask != null;
        }

        /** Of the task in its workflow. */
        String definedName() {
            return isElement() ? FanOut.taskOf(name) : name;
        }

        /** Short: a violation shows all tasks of an execution. */
        @Override
        public String toString() {
            return name + " " + status + " (attempt " + attempt + "/" + maxAttempts
                    + (dependenciesRemaining == 0 ? "" : ", waits for " + dependenciesRemaining)
                    + (dependenciesUnmet == 0 ? "" : ", unmet " + dependenciesUnmet)
                    + (claimedBy == null ? "" : ", claimed by " + claimedBy)
                    + (childrenRemaining == 0 ? "" : ", has children " + childrenRemaining)
                    + (dueAt == null ? "" : ", due at " + dueAt) + (paused ? ", paused)" : ")");
        }
    }

    record InputRow(UUID execution, String json) {}

    record OutputRow(UUID execution, String task, @Nullable String json) {}

    record RecoveryRow(
            UUID execution,
            @Nullable String task,
            RecoveryType type,
            UniversalTimestamp at,
            @Nullable String details) {}

    record SignalRow(UUID execution, String name) {}

    private static final Select<NoArgument, ExecutionRow> EXECUTIONS = STATEMENTS.select("executions", q -> {
        var e = q.from(PipelineExecutions::new);
        return row -> new ExecutionRow(
                row.get(e.id).value(),
                row.get(e.pipelineName),
                row.get(e.status),
                row.get(e.leavesRemaining),
                row.get(e.tasksFailed),
                row.orNull(e.idempotencyKey),
                row.orNull(e.errorDetails),
                uuid(row.orNull(e.parentTaskId)),
                row.orNull(e.completedAt));
    });

    private static final Select<NoArgument, TaskRow> TASKS = STATEMENTS.select("tasks", q -> {
        var t = q.from(TaskExecutions::new);
        return row -> {
            // As bodies count: claims that ended by waiting have no number of their own.
            Integer waited = row.orNull(t.waits);
            int waits = waited == null ? 0 : waited;
            return new TaskRow(
                    row.get(t.id).value(),
                    row.get(t.pipelineExecutionId).value(),
                    row.get(t.taskName),
                    row.get(t.status),
                    row.get(t.attempt),
                    row.get(t.attempt) - waits,
                    row.get(t.maxAttempts) - waits,
                    row.get(t.dependenciesRemaining),
                    row.get(t.dependenciesUnmet),
                    row.orNull(t.claimedBy),
                    row.orNull(t.dueAt),
                    row.get(t.paused).value(),
                    row.get(t.childrenRemaining),
                    uuid(row.orNull(t.parentTaskId)),
                    row.orNull(t.elementIndex),
                    row.orNull(t.startedAt),
                    row.orNull(t.completedAt));
        };
    });

    private static final Select<NoArgument, InputRow> INPUTS = STATEMENTS.select("inputs", q -> {
        var e = q.from(PipelineExecutions::new);
        var c = q.join(e.context);
        return row -> new InputRow(row.get(e.id).value(), row.get(c.value));
    });

    private static final Select<NoArgument, OutputRow> OUTPUTS = STATEMENTS.select("outputs", q -> {
        var m = q.from(TaskExecutionMetadata::new);
        var c = q.leftJoin(m.context);
        return row -> new OutputRow(
                row.get(m.pipelineExecutionId).value(),
                row.get(m.taskName),
                row.orNull(c, (joined, context) -> joined.get(context.value)));
    });

    private static final Select<NoArgument, RecoveryRow> RECOVERIES = STATEMENTS.select("recoveries", q -> {
        var r = q.from(RecoveryEvents::new);
        var t = q.leftJoin(r.task);
        return row -> new RecoveryRow(
                row.get(r.pipelineExecutionId).value(),
                row.orNull(t, (joined, task) -> joined.get(task.taskName)),
                row.get(r.recoveryType),
                row.get(r.recoveredAt),
                row.orNull(r.details));
    });

    private static final Select<NoArgument, SignalRow> SIGNALS = STATEMENTS.select("signals", q -> {
        var s = q.from(Signals::new);
        return row -> new SignalRow(row.get(s.pipelineExecutionId).value(), row.get(s.signalName));
    });

    private static final Select<NoArgument, UniversalUuid> RUNNERS = STATEMENTS.select("runners", q -> {
        var r = q.from(Runners::new);
        return row -> row.get(r.id);
    });

    private static final Select<NoArgument, Long> UNFINISHED = STATEMENTS.select("unfinished", q -> {
        var e = q.from(PipelineExecutions::new);
        q.where(e.status.in(ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED));
        var count = q.count();
        return row -> row.get(count);
    });

    static Tables read(Database database) {
        return database.read(transaction -> new Tables(
                transaction.list(EXECUTIONS),
                transaction.list(TASKS),
                transaction.list(INPUTS),
                transaction.list(OUTPUTS),
                transaction.list(RECOVERIES),
                transaction.list(SIGNALS),
                transaction.list(RUNNERS)));
    }

    static long unfinished(Database database) {
        return database.list(UNFINISHED).get(0);
    }

    private static @Nullable UUID uuid(@Nullable UniversalUuid id) {
        return id == null ? null : id.value();
    }
}
