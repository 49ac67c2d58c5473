package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.BIGINT;
import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.payloadText;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.AttemptOutcome;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code task_attempts}. */
public class TaskAttempts extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> taskExecutionId = column("task_execution_id", UUID);
    public final Column<Integer> attempt = column("attempt", INTEGER);
    public final Column<AttemptOutcome> outcome = column("outcome", enumText(AttemptOutcome.class));
    public final NullableColumn<UniversalUuid> runnerId = nullable("runner_id", UUID)
            .describedAs("The runner that ran the attempt, which may have been deleted; NULL if the task waited for its"
                    + " children.");
    public final NullableColumn<String> host = nullable("host", text(255));
    public final NullableColumn<Long> pid = nullable("pid", BIGINT);
    public final Column<UniversalTimestamp> startedAt = column("started_at", TIMESTAMP);
    public final Column<UniversalTimestamp> endedAt = column("ended_at", TIMESTAMP);
    public final NullableColumn<String> error = nullable("error", payloadText("task_attempts.error"));

    /** The relation of {@link #taskExecutionId}. */
    public final ForeignKey<TaskExecutions> task = references(taskExecutionId, TaskExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    {
        index("task", taskExecutionId, attempt).describedAs("The attempts of a task, in order.");
    }

    /** Opened by a statement or by the schema. */
    public TaskAttempts(Source source) {
        super("task_attempts", "Attempts that did not succeed; a task that succeeds at once has no row.", source);
    }
}
