package io.cloacina.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tables and texts as Markdown of GitHub, in which a name of a file means nothing. */
public final class Markdown {
    private Markdown() {}

    /** A text in which no character means anything. */
    public static String escaped(String text) {
        return text.replaceAll("[\\\\`*_\\[\\]<>|~#]", "\\\\$0");
    }

    /** The lines of a table. */
    public static List<String> of(Table table) {
        List<Table.Column> columns = table.columns();
        List<String> lines = new ArrayList<>();
        lines.add(row(columns.stream().map(column -> escaped(column.name()))));
        lines.add(row(columns.stream().map(column -> column.kind() == Table.Kind.NUMBER ? "---:" : "---")));
        for (List<String> cells : table.rows()) {
            lines.add(row(IntStream.range(0, cells.size()).mapToObj(i -> cell(cells.get(i), columns.get(i)))));
        }
        return lines;
    }

    private static String row(Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| ", " |"));
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
}
