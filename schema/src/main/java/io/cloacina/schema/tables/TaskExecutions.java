package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.BOOL;
import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.JSON;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.payloadJson;
import static io.cloacina.schema.type.DataType.payloadText;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.TaskStatus;
import io.cloacina.api.WaitKind;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code task_executions}. */
public class TaskExecutions extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> pipelineExecutionId = column("pipeline_execution_id", UUID);
    public final Column<String> taskName = column("task_name", text(200));
    public final Column<TaskStatus> status = column("status", enumText(TaskStatus.class));
    public final NullableColumn<UniversalTimestamp> startedAt = nullable("started_at", TIMESTAMP);
    public final NullableColumn<UniversalTimestamp> completedAt = nullable("completed_at", TIMESTAMP);
    public final Column<Integer> attempt =
            column("attempt", INTEGER).describedAs("The number of the current or last attempt; 0 before the first.");
    public final Column<Integer> maxAttempts = column("max_attempts", INTEGER)
            .describedAs("The maximum number of attempts; raised by one for an attempt that was returned or recovered,"
                    + " so that only failures count.");
    public final NullableColumn<String> errorDetails =
            nullable("error_details", payloadText("task_executions.error_details"));
    public final Column<String> triggerRules = column("trigger_rules", JSON);
    public final Column<String> taskConfiguration = column("task_configuration", JSON);
    public final NullableColumn<UniversalTimestamp> retryAt = nullable("retry_at", TIMESTAMP);
    public final NullableColumn<String> lastError = nullable("last_error", payloadText("task_executions.last_error"));
    public final Column<Integer> recoveryAttempts = column("recovery_attempts", INTEGER);
    public final NullableColumn<UniversalTimestamp> lastRecoveryAt = nullable("last_recovery_at", TIMESTAMP);
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);
    public final Column<Integer> dependenciesRemaining = column("dependencies_remaining", INTEGER)
            .describedAs("The number of unfinished dependencies; at 0 the trigger rule is evaluated.");
    public final Column<Integer> dependenciesUnmet = column("dependencies_unmet", INTEGER)
            .describedAs("The number of finished dependencies that did not complete.");
    public final NullableColumn<UniversalUuid> claimedBy = nullable("claimed_by", UUID);
    public final Column<String> pipelineName = column("pipeline_name", text(200))
            .describedAs("Copied from the execution, like the version and the priority, so that a claim filters and"
                    + " sorts with one index.");
    public final Column<String> pipelineVersion = column("pipeline_version", text(100));
    public final Column<Integer> priority = column("priority", INTEGER);
    public final NullableColumn<UniversalTimestamp> dueAt = nullable("due_at", TIMESTAMP)
            .describedAs("The time before which a ready task does not start; NULL if it does not wait for a time.");
    public final Column<UniversalBool> paused =
            column("paused", BOOL).describedAs("Whether the execution is paused, so that the task is not claimed.");
    public final NullableColumn<WaitKind> waitsFor = nullable("waits_for", enumText(WaitKind.class))
            .describedAs("What a waiting task waits for, or has waited for.");
    public final NullableColumn<String> signalName =
            nullable("signal_name", text(200)).describedAs("The signal that it waits for, or has waited for.");
    public final Column<Integer> childrenRemaining = column("children_remaining", INTEGER)
            .describedAs("The number of unfinished child executions or runs for elements of a list; at 0 the task"
                    + " continues.");
    public final NullableColumn<UniversalUuid> parentTaskId = nullable("parent_task_id", UUID)
            .describedAs("The task with the list, if this row is a run for one of its elements.");
    public final NullableColumn<Integer> elementIndex = nullable("element_index", INTEGER);
    public final NullableColumn<String> element = nullable("element", payloadJson("task_executions.element"))
            .describedAs("The element, if this row is a run for an element of a list.");
    public final NullableColumn<String> limitKeys = nullable("limit_keys", JSON)
            .describedAs("The keys of the limits that bound its claims, an array of texts; NULL without limits.");
    public final NullableColumn<String> dependencies = nullable("dependencies", JSON)
            .describedAs("The names of the tasks on which it depends directly, an array; NULL if there are none.");
    public final NullableColumn<UniversalTimestamp> readyAt = nullable("ready_at", TIMESTAMP)
            .describedAs("The time at which the task became ready before its last claim; NULL if it started as it"
                    + " became ready.");
    public final NullableColumn<Integer> waits = nullable("waits", INTEGER)
            .describedAs("The number of claims that ended because the task then waited, which do not count as attempts;"
                    + " NULL if there are none.");
    /** The relation of {@link #pipelineExecutionId}. */
    public final ForeignKey<PipelineExecutions> execution = references(
                    pipelineExecutionId, PipelineExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    /** The relation of {@link #claimedBy}. */
    public final ForeignKey<Runners> runner = references(claimedBy, Runners::new, parent -> parent.id);

    /** The relation of {@link #parentTaskId}. */
    public final ForeignKey<TaskExecutions> parent =
            references(parentTaskId, TaskExecutions::new, task -> task.id).onDelete(OnDelete.CASCADE);

    {
        unique(pipelineExecutionId, taskName);
        index("ready", pipelineName, pipelineVersion, priority.desc(), id)
                .where(status.eq(TaskStatus.READY)
                        .and(dueAt.isNull())
                        .and(paused.eq(UniversalBool.FALSE))
                        .and(limitKeys.isNull()))
                .describedAs("The tasks that can be claimed now, in the order of claims; its size does not depend on"
                        + " the length of the history.");
        index("limited", pipelineName, pipelineVersion, limitKeys, priority.desc(), id)
                .where(status.eq(TaskStatus.READY)
                        .and(dueAt.isNull())
                        .and(paused.eq(UniversalBool.FALSE))
                        .and(limitKeys.isNotNull()))
                .describedAs("The claimable tasks that limits bound, so that a claim skips all tasks of an exhausted"
                        + " limit at once.");
        index("due", dueAt)
                .where(dueAt.isNotNull())
                .describedAs("The tasks that wait for a time, the next one first; others are not indexed.");
        index("waiting", waitsFor, id)
                .where(status.eq(TaskStatus.WAITING))
                .describedAs("Counts the waiting tasks, by what they wait for; others are not indexed.");
        index("claimed", claimedBy)
                .where(claimedBy.isNotNull())
                .describedAs("The tasks of a runner; tasks without a runner are not indexed.");
        index("elements_waiting", parentTaskId, elementIndex)
                .where(parentTaskId.isNotNull().and(status.eq(TaskStatus.NOT_STARTED)))
                .describedAs("The next run for an element of a list, independent of the number of ended ones.");
        index("elements", parentTaskId, elementIndex)
                .where(parentTaskId.isNotNull())
                .describedAs("The runs for the elements of a list, in order; other tasks are not indexed.");
        index("ended", completedAt, id)
                .where(completedAt.isNotNull())
                .optional()
                .describedAs("For the stream of events: the tasks that ended since a time.");
        check(
                "counters",
                attempt.ge(0)
                        .and(maxAttempts.ge(1))
                        .and(recoveryAttempts.ge(0))
                        .and(dependenciesRemaining.ge(0))
                        .and(dependenciesUnmet.ge(0))
                        .and(childrenRemaining.ge(0)));
    }

    /** Opened by a statement or by the schema. */
    public TaskExecutions(Source source) {
        super("task_executions", "Task executions: the tasks of an execution.", source);
    }
}
