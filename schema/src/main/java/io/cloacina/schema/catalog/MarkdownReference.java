package io.cloacina.schema.catalog;

import io.cloacina.schema.catalog.TableFacts.ColumnFacts;
import io.cloacina.schema.catalog.TableFacts.Fact;
import io.cloacina.schema.sql.ForeignKey;
import io.cloacina.schema.sql.Schema;
import io.cloacina.schema.sql.Table;
import java.util.Collection;
import java.util.List;

/** Writes the reference as Markdown. */
final class MarkdownReference {
    private final StringBuilder text = new StringBuilder();

    private MarkdownReference() {}

    static String of(Schema schema, Collection<TypeFacts> types, List<TableFacts> tables) {
        MarkdownReference reference = new MarkdownReference();
        reference.lines(
                "# Schema",
                "",
                "Generated from the definition by `./cloacina schema tables --markdown`; do not edit.",
                "",
                TypeFacts.RULES,
                "");
        reference.relations(schema);
        reference.types(types);
        tables.forEach(reference::table);
        return reference.text.toString();
    }

    private void relations(Schema schema) {
        lines("## Relations", "", "```mermaid", "erDiagram");
        for (Table table : schema.tables()) {
            if (table.foreignKeys().isEmpty()) {
                lines("    " + table);
            }
            for (ForeignKey<?> key : table.foreignKeys()) {
                String parents = key.column().isNullable() ? "|o" : "||";
                boolean one = schema.uniqueKey(
                                table.tableName(), List.of(key.column().name()))
                        .isPresent();
                lines("    " + key.parentDefinition() + " " + parents + "--" + (one ? "o|" : "o{") + " " + table + " : "
                        + key.column().name());
            }
        }
        lines("```", "");
    }

    private void types(Collection<TypeFacts> types) {
        lines(
                "## Types",
                "",
                "x stands for the column. Conditions are checks: `<table>_<column>_type` on SQLite alone,"
                        + " `<table>_<column>_check` on both. SQLite's tables are `STRICT`.",
                "");
        row("Type", "Java", "PostgreSQL", "SQLite", "Check on both");
        row("---", "---", "---", "---", "---");
        types.forEach(type ->
                row(type.name(), code(type.java()), code(type.postgres()), code(type.sqlite()), code(type.check())));
        lines("");
    }

    private void table(TableFacts table) {
        lines("## " + table.name(), "", table.description(), "");
        row("Column", "Type", "NULL", "PostgreSQL", "SQLite", "Note");
        row("---", "---", "---", "---", "---", "---");
        for (ColumnFacts column : table.columns()) {
            row(
                    code(column.name()),
                    column.type(),
                    column.nullable(),
                    code(column.postgres()),
                    code(column.sqlite()),
                    column.note());
        }
        lines("");
        for (Fact fact : table.facts()) {
            lines("- " + fact.kind() + " `" + fact.name() + "`: " + text(fact)
                    + (fact.why().isEmpty() ? "" : ". " + fact.why()));
        }
        lines("");
    }

    private static String text(Fact fact) {
        return switch (fact.kind()) {
            case "relation", "referred by", "closed set" -> fact.text();
            default -> code(fact.text());
        };
    }

    private void row(String... cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String code(String text) {
        return text.isEmpty() || text.startsWith("an ") ? text : "`" + text + "`";
    }

    private void lines(String... lines) {
        for (String line : lines) {
            text.append(line).append('\n');
        }
    }
}
