package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.UUID;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.NullableColumn;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;
import io.cloacina.schema.type.UniversalUuid;

/** Table {@code audit_entries}. */
public class AuditEntries extends Table {
    public final Column<UniversalUuid> id = primaryKey("id", UUID);
    public final Column<UniversalTimestamp> createdAt = column("created_at", TIMESTAMP);
    public final Column<String> userName = column("user_name", text(100));
    public final NullableColumn<String> userRole = nullable("user_role", text(100))
            .describedAs("The role of the user; NULL if the request was authenticated by a signature.");
    public final Column<String> address = column("address", text(100));
    public final Column<String> action =
            column("action", text(200)).describedAs("The method and the route, with the path parameters in braces.");
    public final NullableColumn<String> object = nullable("object", text(300))
            .describedAs("The id or the name of the object of the change; NULL if the change creates one.");
    public final NullableColumn<String> made =
            nullable("made", text(300)).describedAs("The id of the object that the change created.");
    public final NullableColumn<Integer> status = nullable("status", INTEGER)
            .describedAs("The HTTP status of the answer; NULL if the server ended before it answered.");
    public final NullableColumn<String> code =
            nullable("code", text(100)).describedAs("The code of the error; NULL on success.");

    {
        index("created_at", createdAt).describedAs("Finds old entries, which retention removes.");
        index("user_name", userName, id).describedAs("The changes of a user, newest first.");
        index("object", object, id).describedAs("The changes of an object, newest first.");
        index("made", made, id).describedAs("The change that created an object.");
    }

    /** Opened by a statement or by the schema. */
    public AuditEntries(Source source) {
        super("audit_entries", "The audit: each change that a user requested from a server, with its outcome.", source);
    }
}
