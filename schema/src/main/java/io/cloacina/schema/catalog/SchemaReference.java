package io.cloacina.schema.catalog;

import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.tables.CloacinaSchema;

/** The reference of the schema, written from the definition alone. Each text ends with a line end. */
public final class SchemaReference {
    private SchemaReference() {}

    /** For a terminal of 100 columns. */
    public static String text() {
        return text(CloacinaSchema.SCHEMA);
    }

    /** As Markdown, with a diagram of the relations in Mermaid. */
    public static String markdown() {
        return markdown(CloacinaSchema.SCHEMA);
    }

    static String text(Schema schema) {
        return TextReference.of(TypeFacts.of(schema), TableFacts.of(schema));
    }

    static String markdown(Schema schema) {
        return MarkdownReference.of(schema, TypeFacts.of(schema), TableFacts.of(schema));
    }
}
