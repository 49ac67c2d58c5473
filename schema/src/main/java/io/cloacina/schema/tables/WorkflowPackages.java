package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.JSON;
import static io.cloacina.schema.type.DataType.TEXT;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.enumText;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.api.StorageType;
import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.OnDelete;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code workflow_packages}. */
public class WorkflowPackages extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalUuid> registryId = column("registry_id", UUID);
    public final Column<String> packageName = column("package_name", text(200));
    public final Column<String> version = column("version", text(100));
    public final NullableColumn<String> description = nullable("description", TEXT);
    public final NullableColumn<String> author = nullable("author", text(200));
    public final Column<String> metadata = column("metadata", JSON);
    public final Column<StorageType> storageType = column("storage_type", enumText(StorageType.class));
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<UniversalTimestamp> updatedAt = column("updated_at", TIMESTAMP);
    public final Column<String> contentHash =
            column("content_hash", text(64)).describedAs("SHA-256 of the jar, hexadecimal.");
    public final Column<Integer> contentSize =
            column("content_size", INTEGER).describedAs("The size of the jar in bytes.");
    public final NullableColumn<String> signature = nullable("signature", TEXT)
            .describedAs("The Ed25519 signature of the jar, Base64; NULL if it is not signed.");
    public final NullableColumn<String> workflows = nullable("workflows", JSON)
            .describedAs("The names and versions of its workflows, an array of pairs, as the first runner found them.");
    public final NullableColumn<UniversalTimestamp> deletedAt = nullable("deleted_at", TIMESTAMP)
            .describedAs("The time of the deletion, after which no new execution is submitted; the row is removed when"
                    + " the last execution has ended.");
    /** The relation of {@link #registryId}. */
    public final ForeignKey<WorkflowRegistry> registry =
            references(registryId, WorkflowRegistry::new, parent -> parent.id).onDelete(OnDelete.CASCADE);

    {
        unique(packageName, version);
        index("registry", registryId).describedAs("Finds the package when its bytes are deleted.");
    }

    /** Opened by a statement or by the schema. */
    public WorkflowPackages(Source source) {
        super("workflow_packages", "Packages: jars with workflows.", source);
    }
}
