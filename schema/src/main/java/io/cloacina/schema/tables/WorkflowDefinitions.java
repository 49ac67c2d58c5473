package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.JSON;
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

/** Table {@code workflow_definitions}. */
public class WorkflowDefinitions extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<String> workflowName = column("workflow_name", text(200));
    public final Column<String> version = column("version", text(100));
    public final Column<String> definition = column("definition", JSON)
            .describedAs("The tasks with dependencies, rules and settings, the limits, and the declared input.");
    public final NullableColumn<UniversalUuid> packageId = nullable("package_id", UUID)
            .describedAs("The package that contains the workflow; NULL if the workflow is part of a program.");
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP)
            .describedAs("The time at which the first runner with this version started; submissions use the newest"
                    + " version.");
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP)
            .describedAs("The time at which a newer version replaced this one or a runner with it started, to a day;"
                    + " retention counts from then.");

    /** The relation of {@link #packageId}. */
    public final ForeignKey<WorkflowPackages> fromPackage =
            references(packageId, WorkflowPackages::new, parent -> parent.id).onDelete(OnDelete.CASCADE);

    {
        unique(workflowName, version);
        index("package", packageId)
                .where(packageId.isNotNull())
                .describedAs("Finds the definitions of a package when it is deleted.");
    }

    /** Opened by a statement or by the schema. */
    public WorkflowDefinitions(Source source) {
        super("workflow_definitions", "Definitions of workflows, one for each version that a runner has had.", source);
    }
}
