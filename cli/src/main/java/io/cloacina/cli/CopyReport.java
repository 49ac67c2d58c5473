package io.cloacina.cli;

import io.cloacina.schema.copy.CopiedTable;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a copy has come to. */
record CopyReport(String from, String to, List<CopiedTable> tables) {
    boolean isSame() {
        return tables.stream().allMatch(CopiedTable::isSame);
    }

    /** A line for each table and one for all, each with its line end. */
    String text() {
        int width =
                tables.stream().mapToInt(table -> table.table().length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (CopiedTable table : tables) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-" + width + "s  %,12d %-4s  %s%n",
                    table.table(),
                    table.sourceRows(),
                    table.sourceRows() == 1 ? "row" : "rows",
                    table.isSame() ? "same" : difference(table)));
        }
        if (isSame()) {
            text.append(String.format(Locale.ROOT, "copied %,d rows from %s to %s%n", rows(), from, to));
        }
        return text.toString();
    }

    /** One object, in one line. */
    String json() {
        String all = tables.stream().map(CopyReport::json).collect(Collectors.joining(","));
        return "{\"from\":" + quoted(from) + ",\"to\":" + quoted(to) + ",\"rows\":" + rows() + ",\"same\":" + isSame()
                + ",\"tables\":[" + all + "]}" + System.lineSeparator();
    }

    /** What is wrong, in one line. */
    String failure() {
        String first = tables.stream()
                .filter(table -> !table.isSame())
                .map(table -> table.table() + ": " + difference(table))
                .findFirst()
                .orElse("");
        return to + " is not the same as " + from + " (" + first
                + "). Was something written to one of them meanwhile? Empty the target and copy again.";
    }

    private long rows() {
        return tables.stream().mapToLong(CopiedTable::targetRows).sum();
    }

    private static String difference(CopiedTable table) {
        return table.difference().orElse(table.targetRows() + " rows in the target");
    }

    private static String json(CopiedTable table) {
        return "{\"table\":" + quoted(table.table()) + ",\"rows\":" + table.sourceRows() + ",\"targetRows\":"
                + table.targetRows() + ",\"sha256\":" + quoted(table.sourceSha256()) + ",\"targetSha256\":"
                + quoted(table.targetSha256()) + ",\"same\":" + table.isSame()
                + table.difference()
                        .map(found -> ",\"difference\":" + quoted(found))
                        .orElse("") + "}";
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < ' ') {
                json.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }
}
