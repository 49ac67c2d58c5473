package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TEXT;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code limit_uses}. */
public class LimitUses extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<String> limitKey = column("limit_key", TEXT)
            .describedAs("The key of the counter: the workflow, the task (empty for a limit on executions), the limit,"
                    + " and the value of its key.");
    public final Column<UniversalUuid> taskExecutionId = column("task_execution_id", UUID);
    public final Column<Integer> attempt = column("attempt", INTEGER);
    public final Column<UniversalUuid> pipelineExecutionId = column("pipeline_execution_id", UUID);
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);

    /** The relation of {@link #taskExecutionId}. */
    public final ForeignKey<TaskExecutions> task = references(taskExecutionId, TaskExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    /** The relation of {@link #pipelineExecutionId}. */
    public final ForeignKey<PipelineExecutions> execution = references(
                    pipelineExecutionId, PipelineExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    {
        index("key", limitKey, createdAt).describedAs("The uses that a limit counts.");
        index("task", taskExecutionId).describedAs("Finds the uses of a task when it is deleted.");
        index("execution", pipelineExecutionId)
                .describedAs("Finds the uses of an execution: to count it once, and when it is deleted.");
    }

    /** Opened by a statement or by the schema. */
    public LimitUses(Source source) {
        super("limit_uses", "Uses of limits: claims that a limit counts while they run, or for its period.", source);
    }
}
