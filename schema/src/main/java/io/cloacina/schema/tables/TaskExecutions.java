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
            .describedAs("Raised by one for an attempt that was given back or recovered: only failures count.");
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
            .describedAs("Counted down as dependencies finish; at 0 the trigger rule is decided.");
    public final Column<Integer> dependenciesUnmet = column("dependencies_unmet", INTEGER)
            .describedAs("How many of its finished dependencies did not complete.");
    public final NullableColumn<UniversalUuid> claimedBy = nullable("claimed_by", UUID);
    public final Column<String> pipelineName = column("pipeline_name", text(200))
            .describedAs(
                    "With the version and the priority: what a claim filters and sorts by, so that one index serves"
                            + " it.");
    public final Column<String> pipelineVersion = column("pipeline_version", text(100));
    public final Column<Integer> priority = column("priority", INTEGER);
    public final NullableColumn<UniversalTimestamp> dueAt = nullable("due_at", TIMESTAMP)
            .describedAs("A ready task waits until then, for its retry or its start; NULL when it waits for no time.");
    public final Column<UniversalBool> paused =
            column("paused", BOOL).describedAs("Its execution is paused: it is not claimed.");
    public final NullableColumn<WaitKind> waitsFor = nullable("waits_for", enumText(WaitKind.class))
            .describedAs("What a waiting task waits for, and afterwards what it has waited for.");
    public final NullableColumn<String> signalName =
            nullable("signal_name", text(200)).describedAs("The signal that it waits for, or has waited for.");
    public final Column<Integer> childrenRemaining = column("children_remaining", INTEGER)
            .describedAs(
                    "Counted down as child executions, or the runs for the elements of a list, finish; at 0 the task"
                            + " continues.");
    public final NullableColumn<UniversalUuid> parentTaskId =
            nullable("parent_task_id", UUID).describedAs("The task for one element of whose list this one runs.");
    public final NullableColumn<Integer> elementIndex = nullable("element_index", INTEGER);
    public final NullableColumn<String> element = nullable("element", payloadJson("task_executions.element"))
            .describedAs("The element that this task runs for.");
    public final NullableColumn<String> limitKeys = nullable("limit_keys", JSON)
            .describedAs("What bounds its claims, an array of texts; NULL when nothing does.");
    public final NullableColumn<String> dependencies = nullable("dependencies", JSON)
            .describedAs("The names of the tasks that it depends on directly, an array; NULL when there are none.");
    public final NullableColumn<UniversalTimestamp> readyAt = nullable("ready_at", TIMESTAMP)
            .describedAs(
                    "Since when the task that was claimed last had been ready; NULL if it began as it became ready.");
    public final NullableColumn<Integer> waits = nullable("waits", INTEGER)
            .describedAs("How many of its claims ended by waiting: their numbers do not count; NULL when none did.");
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
                .describedAs("A claim, in its order; holding only what can be claimed now it stays small however long"
                        + " the history is.");
        index("limited", pipelineName, pipelineVersion, limitKeys, priority.desc(), id)
                .where(status.eq(TaskStatus.READY)
                        .and(dueAt.isNull())
                        .and(paused.eq(UniversalBool.FALSE))
                        .and(limitKeys.isNotNull()))
                .describedAs(
                        "The same for what is bounded by limits, so that one that is full costs a look, however many"
                                + " wait.");
        index("due", dueAt)
                .where(dueAt.isNotNull())
                .describedAs("What waits for a time, the next one first; what waits for none is left out.");
        index("waiting", waitsFor, id)
                .where(status.eq(TaskStatus.WAITING))
                .describedAs("Counts what waits, by what it waits for; a task that never does is left out.");
        index("claimed", claimedBy)
                .where(claimedBy.isNotNull())
                .describedAs("The tasks of a runner; those that nobody has are left out.");
        index("elements_waiting", parentTaskId, elementIndex)
                .where(parentTaskId.isNotNull().and(status.eq(TaskStatus.NOT_STARTED)))
                .describedAs("The next run for an element of a list, however many have ended.");
        index("elements", parentTaskId, elementIndex)
                .where(parentTaskId.isNotNull())
                .describedAs("The runs for the elements of a list, in order; other tasks are left out.");
        index("ended", completedAt, id)
                .where(completedAt.isNotNull())
                .optional()
                .describedAs("For the stream of events: the tasks that have ended since a time.");
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
