package io.cloacina.schema.catalog;

import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.tables.CloacinaSchema;

/** Generates the reference of the schema from the definition. Each text ends with a line break. */
public final class SchemaReference {
    private SchemaReference() {}

    /** The reference as plain text, for a terminal of 100 columns. */
    public static String text() {
        return text(CloacinaSchema.SCHEMA);
    }

    /** The reference as Markdown, with a Mermaid diagram of the foreign keys. */
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
