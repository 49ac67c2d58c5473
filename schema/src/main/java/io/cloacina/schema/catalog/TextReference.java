package io.cloacina.schema.catalog;

import io.cloacina.schema.catalog.TableFacts.ColumnFacts;
import io.cloacina.schema.catalog.TableFacts.Fact;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Writes the reference for a terminal. */
final class TextReference {
    private static final int WIDTH = 100;
    private static final int INDENT = 2;
    private static final int FACT_INDENT = 16;

    private final StringBuilder text = new StringBuilder();

    private TextReference() {}

    static String of(Collection<TypeFacts> types, List<TableFacts> tables) {
        TextReference reference = new TextReference();
        reference.line("Types");
        reference.rows(Stream.concat(
                        Stream.of(List.of("type", "Java", "PostgreSQL", "SQLite (STRICT tables)")),
                        types.stream().map(TextReference::cells))
                .toList());
        reference.line("");
        reference.wrapped("", TypeFacts.RULES, INDENT);
        reference.wrapped(
                "",
                "Conditions are CHECKs, named TABLE_COLUMN_type for SQLite alone and TABLE_COLUMN_check for both.",
                INDENT);
        tables.forEach(reference::table);
        return reference.text.toString();
    }

    private static List<String> cells(TypeFacts type) {
        return List.of(
                type.name(),
                type.java(),
                type.postgres(),
                type.sqlite() + (type.check().isEmpty() ? "" : ", both: " + type.check()));
    }

    private void table(TableFacts table) {
        line("");
        line(table.name());
        wrapped("", table.description(), INDENT);
        line("");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("column", "type", "null", "PostgreSQL", "SQLite"));
        for (ColumnFacts column : table.columns()) {
            rows.add(List.of(column.name(), column.type(), column.nullable(), column.postgres(), column.sqlite()));
        }
        rows(rows);
        line("");
        for (Fact fact : table.facts()) {
            String what = switch (fact.kind()) {
                case "relation", "referred by", "closed set" -> fact.text();
                default -> fact.name() + " " + fact.text();
            };
            wrapped(fact.kind(), what, FACT_INDENT);
            if (!fact.why().isEmpty()) {
                wrapped("", fact.why(), FACT_INDENT + INDENT);
            }
        }
        table.columns().stream()
                .filter(column -> !column.note().isEmpty())
                .forEach(column -> wrapped("note", column.name() + ": " + column.note(), FACT_INDENT));
    }

    /** Writes rows with their cells aligned. */
    private void rows(List<List<String>> rows) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(" ".repeat(INDENT));
            for (int cell = 0; cell < row.size(); cell++) {
                int column = cell;
                int width = rows.stream()
                        .mapToInt(other -> other.get(column).length())
                        .max()
                        .orElse(0);
                line.append(row.get(cell))
                        .append(" ".repeat(width + INDENT - row.get(cell).length()));
            }
            line(line.toString().stripTrailing());
        }
    }

    /** Writes a label with text beside it, which is broken between words at the end of a line. */
    private void wrapped(String label, String words, int indent) {
        StringBuilder line = new StringBuilder(" ".repeat(INDENT)).append(label);
        line.append(" ".repeat(Math.max(0, indent - line.length())));
        for (String word : words.split(" ", -1)) {
            if (line.length() + word.length() > WIDTH && line.length() > indent) {
                line(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(label.isEmpty() ? indent : indent + INDENT));
            }
            line.append(word).append(' ');
        }
        line(line.toString().stripTrailing());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
