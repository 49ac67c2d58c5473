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
    public final NullableColumn<String> userRole =
            nullable("user_role", text(100)).describedAs("NULL for a caller whom a signature made known.");
    public final Column<String> address = column("address", text(100));
    public final Column<String> action =
            column("action", text(200)).describedAs("The method and the route, with the parts of its path in braces.");
    public final NullableColumn<String> object = nullable("object", text(300))
            .describedAs("The id or the name of what was to be changed; NULL if nothing was there before.");
    public final NullableColumn<String> made = nullable("made", text(300)).describedAs("The id of what was made.");
    public final NullableColumn<Integer> status = nullable("status", INTEGER)
            .describedAs("The status of HTTP that was answered; NULL if the server ended before it was known.");
    public final NullableColumn<String> code =
            nullable("code", text(100)).describedAs("The code of the error; NULL for success.");

    {
        index("created_at", createdAt).describedAs("What is old is removed.");
        index("user_name", userName, id).describedAs("What somebody did, newest first.");
        index("object", object, id).describedAs("What was done to something.");
        index("made", made, id).describedAs("Who made something.");
    }

    /** Opened by a statement or by the schema. */
    public AuditEntries(Source source) {
        super("audit_entries", "Who asked a server for which change, and how that ended.", source);
    }
}
