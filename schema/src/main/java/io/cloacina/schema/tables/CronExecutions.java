package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code cron_executions}. */
public class CronExecutions extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> scheduleId = column("schedule_id", UUID);
    public final Column<UniversalUuid> pipelineExecutionId = column("pipeline_execution_id", UUID)
            .describedAs("The row is deleted together with this execution, by retention.");
    public final Column<UniversalTimestamp> scheduledTime = column("scheduled_time", TIMESTAMP);
    public final Column<UniversalTimestamp> claimedAt = column("claimed_at", TIMESTAMP);
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);

    /** The relation of {@link #scheduleId}. */
    public final ForeignKey<CronSchedules> schedule =
            references(scheduleId, CronSchedules::new, parent -> parent.id).onDelete(OnDelete.CASCADE);

    /** The relation of {@link #pipelineExecutionId}. */
    public final ForeignKey<PipelineExecutions> execution = references(
                    pipelineExecutionId, PipelineExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    {
        unique(scheduleId, scheduledTime)
                .describedAs("Each occurrence is submitted once, by whichever runner is first.");
        index("age", scheduleId, pipelineExecutionId)
                .describedAs("The executions of a schedule, in the order of their age.");
        index("execution", pipelineExecutionId).describedAs("Finds the row when the execution is deleted.");
    }

    /** Opened by a statement or by the schema. */
    public CronExecutions(Source source) {
        super("cron_executions", "Occurrences of schedules and the executions that they submitted.", source);
    }
}
