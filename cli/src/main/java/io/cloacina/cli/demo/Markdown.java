package io.cloacina.cli.demo;

import io.cloacina.cli.view.Table;
import java.util.List;
import java.util.stream.Collectors;

/** A document as Markdown, with the tables of GitHub. */
final class Markdown {
    private static final String MEANS_SOMETHING = "\\`*_[]<>|~#";

    private Markdown() {}

    static String of(Document document) {
        StringBuilder text = new StringBuilder("# " + escaped(document.title()) + "\n");
        for (Document.Block block : document.blocks()) {
            text.append('\n');
            if (block instanceof Document.Heading heading) {
                text.append("## ").append(escaped(heading.text())).append('\n');
            } else if (block instanceof Document.Paragraph paragraph) {
                text.append(escaped(paragraph.text())).append('\n');
            } else if (block instanceof Document.Grid grid) {
                append(text, grid.table());
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Table table) {
        List<Table.Column> columns = table.columns();
        text.append(columns.stream()
                .map(column -> escaped(column.name()))
                .collect(Collectors.joining(" | ", "| ", " |\n")));
        text.append(columns.stream()
                .map(column -> column.kind() == Table.Kind.NUMBER ? "---:" : "---")
                .collect(Collectors.joining(" | ", "| ", " |\n")));
        for (List<String> row : table.rows()) {
            for (int i = 0; i < row.size(); i++) {
                text.append("| ").append(cell(row.get(i), columns.get(i))).append(' ');
            }
            text.append("|\n");
        }
    }

    private static String cell(String text, Table.Column column) {
        return column.kind() == Table.Kind.PATH && !text.isEmpty() ? code(text) : escaped(text);
    }

    /** Between more backticks than the text has in a row; a bar ends a cell of a table even there. */
    private static String code(String text) {
        String fence = "`";
        while (text.contains(fence)) {
            fence += "`";
        }
        String space = text.startsWith("`") || text.endsWith("`") ? " " : "";
        return fence + space + text.replace("|", "\\|") + space + fence;
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> {
            if (MEANS_SOMETHING.indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append((char) c);
        });
        return escaped.toString();
    }
}
