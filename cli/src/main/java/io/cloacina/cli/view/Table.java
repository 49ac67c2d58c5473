package io.cloacina.cli.view;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under named columns. Build it row by row; not thread safe. */
public final class Table {
    /** How a column is shown. */
    public enum Kind {
        /** A name that its user chose: the first to be cut, at the end, where space is short. */
        NAME,
        /** Cut at the end where space is short, and shorter names do not suffice. */
        TEXT,
        /** A time, an id or a state: it says nothing when a part is missing, and is never shortened. */
        WHOLE,
        /** Aligned at its right end. */
        NUMBER,
        /** Shown as it is written, never as markup; cut in front where space is short. */
        PATH,
        /** The label of a state, in its colour; never shortened. */
        STATE,
        /**
         * What explains a row, in the last column: where not all fits, in lines of its own below its row, and never
         * cut. The column is left out if no row has an explanation.
         */
        NOTE
    }

    /**
     * A column.
     *
     * @param name what stands above it
     * @param kind how it is shown
     */
    public record Column(String name, Kind kind) {}

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    /** Without rows yet. */
    public Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /** A column of names. */
    public static Column name(String name) {
        return new Column(name, Kind.NAME);
    }

    /** A column of times, of ids, or of states without a colour. */
    public static Column whole(String name) {
        return new Column(name, Kind.WHOLE);
    }

    /** A column of words. */
    public static Column text(String name) {
        return new Column(name, Kind.TEXT);
    }

    /** A column of numbers. */
    public static Column number(String name) {
        return new Column(name, Kind.NUMBER);
    }

    /** A column of paths, or of what else says the most at its end. */
    public static Column path(String name) {
        return new Column(name, Kind.PATH);
    }

    /** A column of states, by their labels. */
    public static Column state(String name) {
        return new Column(name, Kind.STATE);
    }

    /** A last column of explanations. */
    public static Column note(String name) {
        return new Column(name, Kind.NOTE);
    }

    /** Adds a row with a cell for each column. */
    public Table row(String... cells) {
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

    /** The columns. */
    public List<Column> columns() {
        return columns;
    }

    /** The cells, row by row. */
    public List<List<String>> rows() {
        return List.copyOf(rows);
    }
}
