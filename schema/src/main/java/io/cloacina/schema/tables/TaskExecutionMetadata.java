package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code task_execution_metadata}. */
public class TaskExecutionMetadata extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> taskExecutionId = column("task_execution_id", UUID);
    public final Column<UniversalUuid> pipelineExecutionId = column("pipeline_execution_id", UUID);
    public final Column<String> taskName = column("task_name", text(200));
    public final NullableColumn<UniversalUuid> contextId = nullable("context_id", UUID)
            .describedAs(
                    "The values that the task wrote, by key; a null removes the key. NULL if the task wrote nothing.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);

    /** The relation of {@link #taskExecutionId}. */
    public final ForeignKey<TaskExecutions> task = references(taskExecutionId, TaskExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    /** The relation of {@link #pipelineExecutionId}. */
    public final ForeignKey<PipelineExecutions> execution = references(
                    pipelineExecutionId, PipelineExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    /** The relation of {@link #contextId}. */
    public final ForeignKey<Contexts> context =
            references(contextId, Contexts::new, parent -> parent.id).onDelete(OnDelete.CASCADE);

    {
        unique(taskExecutionId);
        unique(pipelineExecutionId, taskName);
        index("context", contextId)
                .where(contextId.isNotNull())
                .describedAs("Finds the task when a context is deleted; tasks that wrote nothing are not indexed.");
    }

    /** Opened by a statement or by the schema. */
    public TaskExecutionMetadata(Source source) {
        super("task_execution_metadata", "The outputs of finished task executions.", source);
    }
}
