package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.BIGINT;
import static io.cloacina.schema.type.DataType.BOOL;
import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.JSON;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.payloadJson;
import static io.cloacina.schema.type.DataType.payloadText;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.AlertKind;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code alerts}. */
public class Alerts extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<String> name = column("name", text(100));
    public final Column<AlertKind> kind = column("kind", enumText(AlertKind.class));
    public final NullableColumn<String> workflowName = nullable("workflow_name", text(200))
            .describedAs("Whose executions are meant; NULL for those of all workflows.");
    public final Column<Integer> percent = column("percent", INTEGER)
            .describedAs("The share of failures that is exceeded; 0 where the kind has none.");
    public final Column<Integer> executions = column("executions", INTEGER)
            .describedAs(
                    "How many must have ended, or how many stranded ones are exceeded; 0 where the kind has none.");
    public final Column<Long> durationMillis = column("duration_millis", BIGINT)
            .describedAs("The time that is looked at, or that is exceeded; 0 where the kind has none.");
    public final Column<String> statuses =
            column("statuses", JSON).describedAs("The ends that are told of: an array, empty where the kind has none.");
    public final Column<String> url = column("url", payloadText("alerts.url"))
            .describedAs("Where messages are sent to; with many receivers it has a secret in it.");
    public final NullableColumn<String> secret = nullable("secret", payloadJson("alerts.secret"))
            .describedAs("What messages are signed with: an object, so that one that cannot be decoded is an error.");
    public final Column<UniversalBool> enabled = column("enabled", BOOL);
    public final NullableColumn<UniversalTimestamp> firingSince =
            nullable("firing_since", TIMESTAMP).describedAs("NULL while its condition is not fulfilled.");
    public final NullableColumn<UniversalTimestamp> evaluatedAt =
            nullable("evaluated_at", TIMESTAMP).describedAs("When a runner looked last, to a minute.");
    public final NullableColumn<UniversalUuid> lastDelivery = nullable("last_delivery", UUID)
            .describedAs("The execution that delivers the last message, which may be deleted by now.");
    public final Column<String> position = column("position", text(100))
            .describedAs("Up to where ends of executions were told of: a cursor of the stream of events.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);

    {
        unique(name);
    }

    /** Opened by a statement or by the schema. */
    public Alerts(Source source) {
        super("alerts", "When and where to a message is sent, and whether that is so now.", source);
    }
}
