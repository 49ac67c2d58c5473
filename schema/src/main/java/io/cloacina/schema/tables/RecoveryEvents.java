package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.JSON;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;

import io.cloacina.api.RecoveryType;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code recovery_events}. */
public class RecoveryEvents extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> pipelineExecutionId = column("pipeline_execution_id", UUID);
    public final NullableColumn<UniversalUuid> taskExecutionId = nullable("task_execution_id", UUID);
    public final Column<RecoveryType> recoveryType = column("recovery_type", enumText(RecoveryType.class));
    public final Column<UniversalTimestamp> recoveredAt = column("recovered_at", TIMESTAMP);
    public final NullableColumn<String> details = nullable("details", JSON);
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);

    /** The relation of {@link #pipelineExecutionId}. */
    public final ForeignKey<PipelineExecutions> execution = references(
                    pipelineExecutionId, PipelineExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    /** The relation of {@link #taskExecutionId}. */
    public final ForeignKey<TaskExecutions> task = references(taskExecutionId, TaskExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    {
        index("execution", pipelineExecutionId, recoveredAt).describedAs("The recoveries of an execution, in order.");
        index("task", taskExecutionId)
                .where(taskExecutionId.isNotNull())
                .describedAs("Finds the events of a task execution when it is deleted; events of whole executions are"
                        + " not indexed.");
    }

    /** Opened by a statement or by the schema. */
    public RecoveryEvents(Source source) {
        super("recovery_events", "The history of recoveries.", source);
    }
}
