package io.cloacina.cli.demo;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under named columns. Build it row by row; not thread safe. */
final class Table {
    /** How a column is shown. */
    enum Kind {
        TEXT,
        /** Aligned at its right end. */
        NUMBER,
        /** Shown as it is written, never as markup; cut in front where space is short. */
        PATH
    }

    /** A column. */
    record Column(String name, Kind kind) {}

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    Table(Column... columns) {
        this.columns = List.of(columns);
    }

    static Column text(String name) {
        return new Column(name, Kind.TEXT);
    }

    static Column number(String name) {
        return new Column(name, Kind.NUMBER);
    }

    static Column path(String name) {
        return new Column(name, Kind.PATH);
    }

    Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(Format.printable(cell));
        }
        rows.add(List.copyOf(row));
        return this;
    }

    List<Column> columns() {
        return columns;
    }

    List<List<String>> rows() {
        return List.copyOf(rows);
    }
}
