package io.cloacina.cli.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tables as aligned lines. */
public final class TableText {
    private static final String GAP = "  ";
    private static final String NOTE_INDENT = "    ";

    /** How far a column is shortened before others are, and how far when even that is not enough. */
    private static final int[] LEAST_WIDTHS = {10, 4};

    private TableText() {}

    /** The names of the columns and the rows, none wider than {@code width} with what is put in front of each. */
    public static List<String> of(Table table, Style style, String indent, int width) {
        int last = table.columns().size() - 1;
        int[] natural = natural(table);
        boolean isNoted = last >= 0 && table.columns().get(last).kind() == Table.Kind.NOTE;
        boolean isEmpty = isNoted && widest(table, last) == 0;
        boolean isBelow = isNoted && total(natural) > width - indent.length();
        List<Table.Column> columns = isEmpty || isBelow ? table.columns().subList(0, last) : table.columns();
        int[] widths = widths(table, columns, natural, width - indent.length());
        List<String> lines = new ArrayList<>();
        List<String> names = columns.stream().map(Table.Column::name).toList();
        lines.add(style.faint(line(names, columns, widths, indent, new Style(false))));
        for (List<String> row : table.rows()) {
            lines.add(line(row.subList(0, columns.size()), columns, widths, indent, style));
            if (isBelow && !row.get(last).isEmpty()) {
                lines.addAll(Format.wrapped(indent + NOTE_INDENT + row.get(last), width, indent + NOTE_INDENT + GAP));
            }
        }
        return lines;
    }

    /** How wide each column is, with its name. */
    private static int[] natural(Table table) {
        int[] widths = new int[table.columns().size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(table.columns().get(i).name().length(), widest(table, i));
        }
        return widths;
    }

    /** How wide the widest cell of a column is. */
    private static int widest(Table table, int column) {
        return table.rows().stream()
                .mapToInt(row -> row.get(column).length())
                .max()
                .orElse(0);
    }

    private static int total(int[] widths) {
        return Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1);
    }

    /** The names of whole columns give way, then names, the longest first, then texts and paths, from the right. */
    private static int[] widths(Table table, List<Table.Column> columns, int[] natural, int width) {
        int[] widths = Arrays.copyOf(natural, columns.size());
        for (int i = widths.length - 1; i >= 0; i--) {
            if (columns.get(i).kind() == Table.Kind.WHOLE) {
                shorten(widths, i, Math.max(LEAST_WIDTHS[0], widest(table, i)), width);
            }
        }
        for (int least : LEAST_WIDTHS) {
            shortenNames(widths, columns, least, width);
            for (int i = widths.length - 1; i >= 0; i--) {
                Table.Kind kind = columns.get(i).kind();
                if (kind == Table.Kind.TEXT || kind == Table.Kind.PATH) {
                    shorten(widths, i, least, width);
                }
            }
        }
        return widths;
    }

    private static void shorten(int[] widths, int column, int least, int width) {
        int tooWide = Math.max(0, total(widths) - width);
        widths[column] -= Math.min(tooWide, Math.max(0, widths[column] - least));
    }

    private static void shortenNames(int[] widths, List<Table.Column> columns, int least, int width) {
        while (total(widths) > width) {
            int longest = -1;
            for (int i = 0; i < widths.length; i++) {
                boolean isName = columns.get(i).kind() == Table.Kind.NAME && widths[i] > least;
                longest = isName && (longest < 0 || widths[i] >= widths[longest]) ? i : longest;
            }
            if (longest < 0) {
                return;
            }
            widths[longest]--;
        }
    }

    private static String line(
            List<String> cells, List<Table.Column> columns, int[] widths, String indent, Style style) {
        StringBuilder line = new StringBuilder(indent);
        String padding = "";
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            // What fills up a column is written when something follows: no line ends with spaces.
            line.append(cell.isEmpty() ? "" : padding);
            String cut = columns.get(i).kind() == Table.Kind.PATH
                    ? Format.cutInFront(cell, widths[i])
                    : Format.cutBehind(cell, widths[i]);
            String fill = " ".repeat(widths[i] - cut.length());
            if (cell.isEmpty()) {
                padding += fill + GAP;
                continue;
            }
            switch (columns.get(i).kind()) {
                case NUMBER -> line.append(fill).append(cut);
                case STATE -> line.append(style.state(cell, cut));
                case NAME, TEXT, WHOLE, PATH, NOTE -> line.append(cut);
            }
            padding = columns.get(i).kind() == Table.Kind.NUMBER ? GAP : fill + GAP;
        }
        return line.toString();
    }
}
