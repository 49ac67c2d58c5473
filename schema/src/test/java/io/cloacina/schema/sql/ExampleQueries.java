package io.cloacina.schema.sql;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.RecoveryType;
import io.cloacina.api.TaskStatus;
import io.cloacina.schema.tables.Contexts;
import io.cloacina.schema.tables.CronExecutions;
import io.cloacina.schema.tables.CronSchedules;
import io.cloacina.schema.tables.PipelineExecutions;
import io.cloacina.schema.tables.RecoveryEvents;
import io.cloacina.schema.tables.TaskExecutionMetadata;
import io.cloacina.schema.tables.TaskExecutions;
import io.cloacina.schema.tables.WorkflowPackages;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;
import org.jspecify.annotations.Nullable;

/** How to ask questions that cross several tables. */
final class ExampleQueries {
    static final Statements STATEMENTS = new Statements("examples");

    private ExampleQueries() {}

    /** A task of an execution; {@code runner} is where it runs, {@code output} what it wrote. */
    record TaskView(
            String execution,
            @Nullable String input,
            String task,
            TaskStatus status,
            @Nullable String runner,
            @Nullable String output) {}

    /** The tasks of an execution by name, with the input of the execution, their runner and their output: six tables. */
    static final Select<UniversalUuid, TaskView> TASKS_OF_EXECUTION = STATEMENTS.select("tasks-of-execution", q -> {
        var task = q.from(TaskExecutions::new);
        var execution = q.join(task.execution);
        var input = q.leftJoin(execution.context);
        var runner = q.leftJoin(task.runner);
        var metadata = q.leftJoin(task, TaskExecutionMetadata::new, m -> m.task);
        var output = q.leftJoin(metadata, m -> m.context);
        q.where(execution.id.eq(q.arg()));
        q.orderBy(task.taskName.asc());
        return row -> new TaskView(
                row.get(execution.pipelineName),
                row.orNull(input, (r, c) -> r.get(c.value)),
                row.get(task.taskName),
                row.get(task.status),
                row.orNull(runner, (r, u) -> r.get(u.host)),
                row.orNull(output, (r, c) -> r.get(c.value)));
    });

    /** A recovery; {@code task} is absent where it concerned the whole execution. */
    record RecoveryView(
            String execution,
            RecoveryType type,
            @Nullable String task,
            @Nullable String details) {}

    /** The recoveries of an execution: three tables. */
    static final Select<UniversalUuid, RecoveryView> RECOVERIES_OF_EXECUTION =
            STATEMENTS.select("recoveries-of-execution", q -> {
                var execution = q.from(PipelineExecutions::new);
                var event = q.join(execution, RecoveryEvents::new, r -> r.execution);
                var task = q.leftJoin(event.task);
                q.where(execution.id.eq(q.arg()));
                q.orderBy(event.recoveredAt.asc(), event.recoveryType.asc());
                return row -> new RecoveryView(
                        row.get(execution.pipelineName),
                        row.get(event.recoveryType),
                        row.orNull(task, (r, t) -> r.get(t.taskName)),
                        row.orNull(event.details));
            });

    /** An occurrence of a schedule. */
    record OccurrenceView(
            String schedule, UniversalTimestamp scheduledTime, UniversalUuid execution, ExecutionStatus status) {}

    /** The occurrences of a schedule and what became of them: three tables. */
    static final Select<String, OccurrenceView> OCCURRENCES_OF_SCHEDULE =
            STATEMENTS.select("occurrences-of-schedule", q -> {
                var schedule = q.from(CronSchedules::new);
                var occurrence = q.join(schedule, CronExecutions::new, o -> o.schedule);
                var execution = q.join(occurrence.execution);
                q.where(schedule.name.eq(q.arg()));
                q.orderBy(occurrence.scheduledTime.asc());
                return row -> new OccurrenceView(
                        row.get(schedule.name),
                        row.get(occurrence.scheduledTime),
                        row.get(occurrence.pipelineExecutionId),
                        row.get(execution.status));
            });

    /** A package with its bytes. */
    record PackageView(String name, String version, UniversalBinary data) {}

    /** All packages with their bytes: two tables. */
    static final Select<NoArgument, PackageView> PACKAGES = STATEMENTS.select("packages", q -> {
        var pack = q.from(WorkflowPackages::new);
        var registry = q.join(pack.registry);
        q.orderBy(pack.packageName.asc(), pack.version.asc());
        return row -> new PackageView(row.get(pack.packageName), row.get(pack.version), row.get(registry.data));
    });

    /** The outputs of what a schedule started, by the name of the schedule: six tables along their relations. */
    static final Select<String, String> OUTPUTS_OF_SCHEDULE = STATEMENTS.select("outputs-of-schedule", q -> {
        var schedule = q.from(CronSchedules::new);
        var occurrence = q.join(schedule, CronExecutions::new, o -> o.schedule);
        var execution = q.join(occurrence.execution);
        var task = q.join(execution, TaskExecutions::new, t -> t.execution);
        var metadata = q.join(task, TaskExecutionMetadata::new, m -> m.task);
        var output = q.join(metadata.context);
        q.where(schedule.name.eq(q.arg()), task.status.eq(TaskStatus.COMPLETED));
        return row -> row.get(schedule.name) + "/" + row.get(task.taskName) + ": " + row.get(output.value);
    });

    /** What the seed asks for: all nine tables in one query, also those that no relation connects. */
    static final Select<NoArgument, String> ALL_NINE_TABLES = STATEMENTS.select("all-nine-tables", q -> {
        var schedule = q.from(CronSchedules::new);
        var occurrence = q.join(schedule, CronExecutions::new, o -> o.schedule);
        var execution = q.join(occurrence.execution);
        var task = q.join(execution, TaskExecutions::new, t -> t.execution);
        var metadata = q.join(task, TaskExecutionMetadata::new, m -> m.task);
        var output = q.join(metadata.context);
        var event = q.join(task, RecoveryEvents::new, r -> r.task);
        var pack = q.crossJoin(WorkflowPackages::new);
        var registry = q.join(pack.registry);
        q.where(
                pack.version.eq(execution.pipelineVersion),
                registry.createdAt.le(execution.createdAt),
                schedule.workflowName.eq(execution.pipelineName));
        return row -> String.join(
                " ",
                row.get(schedule.name),
                row.get(occurrence.scheduledTime).toString(),
                row.get(execution.pipelineName),
                row.get(task.taskName),
                row.get(metadata.taskName),
                row.get(output.value),
                row.get(event.recoveryType).label(),
                row.get(pack.packageName),
                row.get(registry.data).toString());
    });

    /** One table twice, under two aliases: the other tasks of the execution of a task. */
    static final Select<UniversalUuid, String> SIBLINGS = STATEMENTS.select("siblings", q -> {
        var task = q.from(TaskExecutions::new);
        var execution = q.join(task.execution);
        var sibling = q.join(execution, TaskExecutions::new, t -> t.execution);
        q.where(task.id.eq(q.arg()), sibling.id.ne(task.id));
        q.orderBy(sibling.taskName.asc());
        return row -> row.get(task.taskName) + " beside " + row.get(sibling.taskName);
    });

    /** The contexts that no execution has as its input. */
    static final Select<NoArgument, String> CONTEXTS_WITHOUT_EXECUTION =
            STATEMENTS.select("contexts-without-execution", q -> {
                var context = q.from(Contexts::new);
                var execution = q.leftJoin(context, PipelineExecutions::new, e -> e.context);
                q.where(execution.isAbsent());
                return row -> row.get(context.value);
            });
}
