package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.payloadJson;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code signals}. */
public class Signals extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> pipelineExecutionId = column("pipeline_execution_id", UUID);
    public final Column<String> signalName = column("signal_name", text(200));
    public final NullableColumn<String> value = nullable("value", payloadJson("signals.value"))
            .describedAs("The value that was sent; NULL without a value.");
    public final NullableColumn<String> idempotencyKey = nullable("idempotency_key", text(200));
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);

    /** The relation of {@link #pipelineExecutionId}. */
    public final ForeignKey<PipelineExecutions> execution = references(
                    pipelineExecutionId, PipelineExecutions::new, parent -> parent.id)
            .onDelete(OnDelete.CASCADE);

    {
        unique(pipelineExecutionId, signalName);
    }

    /** Opened by a statement or by the schema. */
    public Signals(Source source) {
        super("signals", "Signals that were sent to executions, each name once for an execution.", source);
    }
}
