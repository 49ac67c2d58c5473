package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.BOOL;
import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.payloadJson;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.CatchUpPolicy;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalBool;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code cron_schedules}. */
public class CronSchedules extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<String> workflowName = column("workflow_name", text(200));
    public final Column<String> cronExpression = column("cron_expression", text(200));
    public final Column<String> timezone = column("timezone", text(64));
    public final Column<UniversalBool> enabled = column("enabled", BOOL);
    public final Column<CatchUpPolicy> catchupPolicy = column("catchup_policy", enumText(CatchUpPolicy.class));
    public final NullableColumn<UniversalTimestamp> startDate = nullable("start_date", TIMESTAMP);
    public final NullableColumn<UniversalTimestamp> endDate = nullable("end_date", TIMESTAMP);
    public final NullableColumn<UniversalTimestamp> nextRunAt = nullable("next_run_at", TIMESTAMP)
            .describedAs("The next occurrence; NULL if the schedule is disabled or has ended.");
    public final NullableColumn<UniversalTimestamp> lastRunAt =
            nullable("last_run_at", TIMESTAMP).describedAs("The latest occurrence that was submitted.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);
    public final Column<String> name = column("name", text(200));
    public final Column<Integer> catchupLimit = column("catchup_limit", INTEGER)
            .describedAs("The maximum number of missed occurrences that run_all submits.");
    public final Column<Integer> catchupMaxAgeSeconds = column("catchup_max_age_seconds", INTEGER)
            .describedAs("The maximum age of a missed occurrence that is submitted.");
    public final NullableColumn<String> input = nullable("input", payloadJson("cron_schedules.input"))
            .describedAs("The input of each execution; NULL if it is empty.");

    {
        unique(name);
        index("due", workflowName, nextRunAt)
                .where(nextRunAt.isNotNull())
                .describedAs("The next due schedule of a workflow; disabled ones are not indexed.");
        check("catchup_bounds", catchupLimit.ge(1).and(catchupMaxAgeSeconds.ge(1)));
    }

    /** Opened by a statement or by the schema. */
    public CronSchedules(Source source) {
        super("cron_schedules", "Cron schedules.", source);
    }
}
