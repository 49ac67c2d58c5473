package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.BINARY;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalBinary;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code workflow_registry}. */
public class WorkflowRegistry extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalBinary> data = column("data", BINARY);

    /** Opened by a statement or by the schema. */
    public WorkflowRegistry(Source source) {
        super("workflow_registry", "The bytes of packages.", source);
    }
}
