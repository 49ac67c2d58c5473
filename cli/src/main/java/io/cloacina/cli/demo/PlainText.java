package io.cloacina.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** A document as lines of a terminal, aligned, none longer than 80 characters. */
final class PlainText {
    static final int WIDTH = 80;

    private static final String INDENT = "  ";
    private static final String GAP = "  ";

    private final Style style;

    PlainText(Style style) {
        this.style = style;
    }

    List<String> of(Document document) {
        List<String> lines = new ArrayList<>();
        lines.add(style.strong(Format.cutInFront(document.title(), WIDTH)));
        for (Document.Block block : document.blocks()) {
            lines.add("");
            if (block instanceof Document.Heading heading) {
                lines.add(style.strong(heading.text()));
            } else if (block instanceof Document.Paragraph paragraph) {
                addWrapped(lines, paragraph.text());
            } else if (block instanceof Document.Grid grid) {
                addTable(lines, grid.table());
            }
        }
        return lines;
    }

    private static void addWrapped(List<String> lines, String text) {
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && INDENT.length() + line.length() + 1 + word.length() > WIDTH) {
                lines.add(INDENT + line);
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(INDENT + line);
    }

    private void addTable(List<String> lines, Table table) {
        int[] widths = widths(table);
        List<String> names = table.columns().stream().map(Table.Column::name).toList();
        lines.add(style.faint(line(names, table.columns(), widths)));
        table.rows().forEach(row -> lines.add(line(row, table.columns(), widths)));
    }

    /** As wide as the widest cell; paths and texts give way, the rightmost first. */
    private static int[] widths(Table table) {
        int[] widths = new int[table.columns().size()];
        int total = INDENT.length() + GAP.length() * (widths.length - 1);
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    table.columns().get(i).name().length(),
                    table.rows().stream()
                            .mapToInt(row -> row.get(column).length())
                            .max()
                            .orElse(0));
            total += widths[i];
        }
        for (int i = widths.length - 1; i >= 0 && total > WIDTH; i--) {
            if (table.columns().get(i).kind() != Table.Kind.NUMBER) {
                int cut = Math.min(total - WIDTH, Math.max(0, widths[i] - 10));
                widths[i] -= cut;
                total -= cut;
            }
        }
        return widths;
    }

    private static String line(List<String> cells, List<Table.Column> columns, int[] widths) {
        StringBuilder line = new StringBuilder(INDENT);
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - cells.get(i).length()));
            Table.Kind kind = columns.get(i).kind();
            line.append(i > 0 ? GAP : "");
            switch (kind) {
                case NUMBER -> line.append(padding).append(cells.get(i));
                case PATH ->
                    line.append(Format.cutInFront(cells.get(i), widths[i])).append(padding);
                case TEXT ->
                    line.append(Format.cutBehind(cells.get(i), widths[i])).append(padding);
            }
        }
        return line.toString().stripTrailing();
    }
}
