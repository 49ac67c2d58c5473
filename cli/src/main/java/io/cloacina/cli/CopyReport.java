package io.cloacina.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloacina.schema.copy.CopiedTable;
import io.cloacina.server.json.Json;
import java.util.List;
import java.util.Locale;

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

    /** One object. */
    ObjectNode json() {
        ObjectNode report = Json.fields()
                .put("from", from)
                .put("to", to)
                .put("rows", rows())
                .put("same", isSame());
        report.set("tables", Json.array(tables, CopyReport::json));
        return report;
    }

    /** What is wrong, in one line. */
    String failure() {
        String first = tables.stream()
                .filter(table -> !table.isSame())
                .map(table -> table.table() + ": " + difference(table))
                .findFirst()
                .orElse("");
        return to + " is not the same as " + from + " (" + first
                + "). Was one of them changed meanwhile? Empty the target and copy again.";
    }

    private long rows() {
        return tables.stream().mapToLong(CopiedTable::targetRows).sum();
    }

    private static String difference(CopiedTable table) {
        String found = table.difference();
        return found != null ? found : table.targetRows() + " rows in the target";
    }

    private static ObjectNode json(CopiedTable table) {
        ObjectNode json = Json.fields()
                .put("table", table.table())
                .put("rows", table.sourceRows())
                .put("targetRows", table.targetRows())
                .put("sha256", table.sourceSha256())
                .put("targetSha256", table.targetSha256())
                .put("same", table.isSame());
        String found = table.difference();
        if (found != null) {
            json.put("difference", found);
        }
        return json;
    }
}
