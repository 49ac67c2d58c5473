package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.JSON;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.payloadJson;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.HookSignature;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code hooks}. */
public class Hooks extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<String> name = column("name", text(100));
    public final Column<String> workflowName = column("workflow_name", text(200));
    public final Column<HookSignature> signature = column("signature", enumText(HookSignature.class));
    public final Column<String> secret = column("secret", payloadJson("hooks.secret"))
            .describedAs("The shared secret that signs deliveries: an object, so that a value that cannot be decoded is"
                    + " an error.");
    public final Column<String> input = column("input", JSON)
            .describedAs("The input of the execution: for each key a JSON pointer into the body of the delivery.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);

    {
        unique(name);
    }

    /** Opened by a statement or by the schema. */
    public Hooks(Source source) {
        super("hooks", "Webhooks: the workflow that a delivery submits, and how deliveries are signed.", source);
    }
}
