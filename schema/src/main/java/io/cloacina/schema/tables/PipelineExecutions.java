package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.payloadJson;
import static io.cloacina.schema.type.DataType.payloadText;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.ExecutionOrigin;
import io.cloacina.api.ExecutionStatus;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code pipeline_executions}. */
public class PipelineExecutions extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<String> pipelineName = column("pipeline_name", text(200));
    public final Column<String> pipelineVersion = column("pipeline_version", text(100));
    public final Column<ExecutionStatus> status = column("status", enumText(ExecutionStatus.class));
    public final NullableColumn<UniversalUuid> contextId =
            nullable("context_id", UUID).describedAs("The input; NULL if it is empty.");
    public final NullableColumn<UniversalTimestamp> startedAt = nullable("started_at", TIMESTAMP);
    public final NullableColumn<UniversalTimestamp> completedAt = nullable("completed_at", TIMESTAMP);
    public final NullableColumn<String> errorDetails =
            nullable("error_details", payloadText("pipeline_executions.error_details"));
    public final Column<Integer> recoveryAttempts = column("recovery_attempts", INTEGER);
    public final NullableColumn<UniversalTimestamp> lastRecoveryAt = nullable("last_recovery_at", TIMESTAMP);
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);
    public final Column<Integer> leavesRemaining = column("leaves_remaining", INTEGER)
            .describedAs(
                    "The number of unfinished leaves: tasks on which no other depends. At 0 every task is finished.");
    public final Column<Integer> tasksFailed = column("tasks_failed", INTEGER)
            .describedAs("The number of failed tasks; with one or more the execution ends as Failed.");
    public final NullableColumn<String> idempotencyKey = nullable("idempotency_key", text(200));
    public final Column<Integer> priority = column("priority", INTEGER);
    public final NullableColumn<UniversalTimestamp> startAfter = nullable("start_after", TIMESTAMP);
    public final NullableColumn<UniversalTimestamp> pausedAt = nullable("paused_at", TIMESTAMP);
    public final NullableColumn<String> pauseReason =
            nullable("pause_reason", payloadText("pipeline_executions.pause_reason"));
    public final Column<ExecutionOrigin> origin = column("origin", enumText(ExecutionOrigin.class));
    public final NullableColumn<UniversalUuid> parentTaskId =
            nullable("parent_task_id", UUID).describedAs("The task of another execution that waits for this one.");
    public final NullableColumn<UniversalUuid> restartedFrom = nullable("restarted_from", UUID)
            .describedAs("The execution of which this one is a restart; retention may have removed it.");
    public final NullableColumn<UniversalTimestamp> deadlineAt = nullable("deadline_at", TIMESTAMP)
            .describedAs("The time at which the active tasks fail; NULL without a deadline.");
    public final NullableColumn<UniversalTimestamp> stoppedAt = nullable("stopped_at", TIMESTAMP)
            .describedAs("The time at which the active tasks failed because of the deadline or a cancellation with"
                    + " compensation.");
    public final NullableColumn<UniversalTimestamp> cancelAskedAt = nullable("cancel_asked_at", TIMESTAMP)
            .describedAs("The time of a cancellation with compensation, after which the execution ends as Cancelled.");
    public final NullableColumn<String> continuation = nullable(
                    "continuation", payloadJson("pipeline_executions.continuation"))
            .describedAs("The workflow and input, as JSON, with which the execution continues when it completes; NULL"
                    + " afterwards.");
    public final NullableColumn<UniversalUuid> continuedAs = nullable("continued_as", UUID)
            .describedAs("The execution that continues this one; retention may have removed it.");
    public final NullableColumn<UniversalUuid> continuedFrom = nullable("continued_from", UUID)
            .describedAs("The execution that this one continues; retention may have removed it.");

    public final NullableColumn<String> carried = nullable("carried", payloadJson("pipeline_executions.carried"))
            .describedAs("The values that interceptors store with the execution: a JSON object of texts; NULL if there"
                    + " are none.");

    /** The relation of {@link #contextId}. */
    public final ForeignKey<Contexts> context =
            references(contextId, Contexts::new, parent -> parent.id).onDelete(OnDelete.CASCADE);

    {
        unique(idempotencyKey, pipelineName)
                .where(idempotencyKey.isNotNull())
                .describedAs("A key submits one execution of a workflow; executions without a key are not indexed. The"
                        + " key is the first column, so that a search for a key alone uses the index.");
        index("context", contextId)
                .where(contextId.isNotNull())
                .describedAs(
                        "Finds the execution when a context is deleted; executions without input are not indexed.");
        index("unfinished", pipelineName, pipelineVersion, id)
                .where(status.in(ExecutionStatus.PENDING, ExecutionStatus.RUNNING, ExecutionStatus.PAUSED))
                .describedAs("The unfinished executions of each version, independent of the length of the history.");
        index("paused", pausedAt)
                .where(pausedAt.isNotNull())
                .describedAs("Counts the paused executions; others are not indexed.");
        index("deadline", deadlineAt)
                .where(deadlineAt
                        .isNotNull()
                        .and(stoppedAt.isNull())
                        .and(status.in(ExecutionStatus.PENDING, ExecutionStatus.RUNNING)))
                .describedAs("The next deadline; executions without a deadline, or whose deadline has passed, are not"
                        + " indexed.");
        index("ended_badly", id)
                .where(status.in(ExecutionStatus.FAILED, ExecutionStatus.CANCELLED))
                .describedAs("The failed and cancelled executions in the order of their age; others are not indexed.");
        index("failed", completedAt, id)
                .where(status.eq(ExecutionStatus.FAILED))
                .describedAs("The executions that failed since a time; others are not indexed.");
        index("parent", parentTaskId)
                .where(parentTaskId.isNotNull())
                .describedAs("The children of a task; executions without a parent are not indexed.");
        index("created", createdAt, id)
                .optional()
                .describedAs("For the stream of events: the executions submitted since a time.");
        index("ended", completedAt, id)
                .where(completedAt.isNotNull())
                .optional()
                .describedAs("For the stream of events: the executions that ended since a time.");
        check("counters", leavesRemaining.ge(0).and(tasksFailed.ge(0)).and(recoveryAttempts.ge(0)));
    }

    /** Opened by a statement or by the schema. */
    public PipelineExecutions(Source source) {
        super("pipeline_executions", "Executions: runs of workflows.", source);
    }
}
