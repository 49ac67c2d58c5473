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
            .describedAs("The workflow whose executions are considered; NULL for all workflows.");
    public final Column<Integer> percent = column("percent", INTEGER)
            .describedAs("The percentage of failed executions above which the alert fires; 0 for other kinds.");
    public final Column<Integer> executions = column("executions", INTEGER)
            .describedAs("The minimum number of ended executions, or the number of stranded executions above which the"
                    + " alert fires; 0 for other kinds.");
    public final Column<Long> durationMillis = column("duration_millis", BIGINT)
            .describedAs("The length of the period, or the time after which the alert fires; 0 for other kinds.");
    public final Column<String> statuses = column("statuses", JSON)
            .describedAs(
                    "The final states of executions for which a message is sent: an array, empty for other kinds.");
    public final Column<String> url = column("url", payloadText("alerts.url"))
            .describedAs("The URL to which messages are sent; the URLs of many receivers contain a secret.");
    public final NullableColumn<String> secret = nullable("secret", payloadJson("alerts.secret"))
            .describedAs(
                    "The secret that signs messages: an object, so that a value that cannot be decoded is an error.");
    public final Column<UniversalBool> enabled = column("enabled", BOOL);
    public final NullableColumn<UniversalTimestamp> firingSince = nullable("firing_since", TIMESTAMP)
            .describedAs("The time at which the alert started to fire; NULL while it does not fire.");
    public final NullableColumn<UniversalTimestamp> evaluatedAt =
            nullable("evaluated_at", TIMESTAMP).describedAs("The time of the last evaluation, to a minute.");
    public final NullableColumn<UniversalUuid> lastDelivery = nullable("last_delivery", UUID)
            .describedAs("The execution that delivers the last message; retention may have removed it.");
    public final Column<String> position = column("position", text(100))
            .describedAs("The cursor in the stream of events up to which messages were sent.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);

    {
        unique(name);
    }

    /** Opened by a statement or by the schema. */
    public Alerts(Source source) {
        super("alerts", "Alerts: rules that send a message to a URL, with their current states.", source);
    }
}
