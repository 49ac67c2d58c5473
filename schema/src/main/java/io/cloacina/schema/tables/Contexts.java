package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.DataType;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code contexts}. */
public class Contexts extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    /** What every statement reads and binds it as. */
    public static final DataType<String> VALUE = DataType.payloadJson("contexts.value");

    public final Column<String> value = column("value", VALUE);
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);

    /** Opened by a statement or by the schema. */
    public Contexts(Source source) {
        super("contexts", "JSON values of an execution: its input, or the values that one task wrote.", source);
    }
}
