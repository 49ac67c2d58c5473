package io.cloacina.schema.tables;

import static io.cloacina.schema.type.DataType.INTEGER;
import static io.cloacina.schema.type.DataType.TIMESTAMP;
import static io.cloacina.schema.type.DataType.text;

import io.cloacina.schema.sql.Column;
import io.cloacina.schema.sql.Source;
import io.cloacina.schema.sql.Table;
import io.cloacina.schema.type.UniversalTimestamp;

/** Table {@code schema_migrations}, or the history of another schema under another name. */
public class SchemaMigrations extends Table {
    /** The name of the table for Cloacina's own schema. */
    public static final String NAME = "schema_migrations";

    public final Column<Integer> version = primaryKey("version", INTEGER);
    public final Column<String> name = column("name", text(200));
    public final Column<String> checksum =
            column("checksum", text(64)).describedAs("SHA-256 of the executed SQL, hexadecimal.");
    public final Column<UniversalTimestamp> appliedAt = column("applied_at", TIMESTAMP);

    /** Opened by a statement or by the schema. */
    public SchemaMigrations(Source source) {
        this(NAME, source);
    }

    /** The history of another schema, in a table of that name. */
    public SchemaMigrations(String tableName, Source source) {
        super(tableName, "The versions of the schema that this database has.", source);
    }
}
