package io.cloacina.schema.sql;

import io.cloacina.schema.type.InvalidValueException;
import io.cloacina.schema.type.PayloadForm;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A change that runs for many arguments as one statement, on a backend that has arrays: each placeholder is an array
 * with the values of all arguments, and these arrays side by side are a table of members that the change joins.
 * Immutable, thread safe.
 *
 * @param <P> the argument of one member
 */
public final class ComposedSet<P> {
    /** Has a capital letter, which no table of an application has in its name. */
    private static final String ALIAS = "\"Member\"";

    /**
     * The largest size of a set, in characters. Longer ones are split, so that the length of a message to the server is
     * bounded.
     */
    private static final long LONGEST = 4L << 20;

    /** The largest number of members of a set. */
    private static final int MOST = 10_000;

    private final String sql;
    private final Slot.Bound<?>[] slots;
    private final Slot.Bound<?>[] rowOfEach;
    private final int ordinal;

    private ComposedSet(String sql, Slot.Bound<?>[] slots, Slot.Bound<?>[] rowOfEach, int ordinal) {
        this.sql = sql;
        this.slots = slots;
        this.rowOfEach = rowOfEach;
        this.ordinal = ordinal;
    }

    /**
     * Creates the set of a change; null if the backend does not have arrays, or an argument may change several rows.
     */
    static <P> @Nullable ComposedSet<P> of(ChangeBuilder<P> change, Dialect dialect, @Nullable Selection<?> selection) {
        if (!dialect.hasArrays()) {
            return null;
        }
        List<Slot<?>> rowOfEach = change.rowOfEach().orElse(null);
        boolean isInsert = change instanceof InsertBuilder;
        if (rowOfEach == null || (isInsert && selection != null)) {
            return null;
        }
        SqlWriter sql = SqlWriter.forSet(dialect, change);
        change.write(sql);
        int ordinal = 0;
        if (!isInsert) {
            sql.text(" RETURNING ");
            if (selection != null && !selection.columns().isEmpty()) {
                selection.write(sql);
                sql.text(", ");
                ordinal = selection.columns().size();
            }
            ordinal++;
            sql.text(ALIAS + ".n");
        }
        Slot.Bound<?>[] slots = on(dialect, sql.slots());
        return slots.length == 0 ? null : new ComposedSet<>(sql.sql(), slots, on(dialect, rowOfEach), ordinal);
    }

    private static Slot.Bound<?>[] on(Dialect dialect, List<Slot<?>> slots) {
        return slots.stream().map(slot -> slot.on(dialect)).toArray(Slot.Bound<?>[]::new);
    }

    /** The placeholder with that number, from 1, as a column of the members. */
    static String column(int placeholder) {
        return ALIAS + ".p" + placeholder;
    }

    /** The members as a table; its column {@code n} is the number of a member, from 1. */
    static String members(List<Slot<?>> slots, Dialect dialect) {
        StringJoiner arrays = new StringJoiner(", ", "unnest(", ")");
        StringJoiner columns = new StringJoiner(", ", "(", ")");
        int placeholder = 1;
        for (Slot<?> slot : slots) {
            arrays.add("?::" + slot.on(dialect).elementType() + "[]");
            columns.add("p" + placeholder++);
        }
        return arrays + " WITH ORDINALITY AS " + ALIAS + columns.add("n");
    }

    /** The SQL text: constant, whatever the number of members is. */
    public String sql() {
        return sql;
    }

    /**
     * The column of a result, from 1, that holds the number of the member that changed the row; 0 for an insert, which has
     * no result and inserts one row for each member.
     */
    public int ordinal() {
        return ordinal;
    }

    /** Whether no two arguments identify the same row: a set would change such a row for one of them only. */
    public boolean meansRowsOfTheirOwn(List<P> arguments) {
        if (rowOfEach.length == 0) {
            return true;
        }
        Set<Object> rows = new HashSet<>();
        for (P argument : arguments) {
            List<@Nullable Object> row = new ArrayList<>(rowOfEach.length);
            for (Slot.Bound<?> slot : rowOfEach) {
                row.add(slot.value(argument));
            }
            if (!rows.add(row)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The arguments of one run of the statement, as the texts of its arrays.
     *
     * @param to the index of the first argument that is left for a further run
     */
    public record Chunk(List<String> arrays, int to) {
        /** The length of all arrays, in characters. */
        public int length() {
            return arrays.stream().mapToInt(String::length).sum();
        }

        /**
         * Binds the arrays, in a text in which the statement follows others.
         *
         * @param before how many placeholders these have
         * @return how many placeholders these and the statement have
         */
        public int bind(PreparedStatement statement, int before) throws SQLException {
            int at = before;
            for (String array : arrays) {
                statement.setObject(++at, array, Types.OTHER);
            }
            return at;
        }
    }

    /**
     * Returns the arguments from that index on, as many as one statement takes.
     *
     * @throws InvalidValueException for a value that its column cannot hold, naming the column
     */
    public Chunk chunk(List<P> arguments, int from, PayloadForm form) {
        int most = Math.min(arguments.size(), from + MOST);
        ArrayText<?>[] arrays = new ArrayText<?>[slots.length];
        for (int slot = 0; slot < slots.length; slot++) {
            arrays[slot] = new ArrayText<>(slots[slot], most - from, form);
        }
        int to = from;
        long length = 0;
        while (to < most && length < LONGEST) {
            length = 0;
            for (ArrayText<?> array : arrays) {
                length += array.add(arguments.get(to));
            }
            to++;
        }
        List<String> texts = new ArrayList<>(arrays.length);
        for (ArrayText<?> array : arrays) {
            texts.add(array.text());
        }
        return new Chunk(texts, to);
    }

    /** Builds the text of an array. */
    private static final class ArrayText<V> {
        private final Slot.Bound<V> slot;
        private final PayloadForm form;
        private final StringBuilder text;
        private @Nullable V last;
        private int lastAt;

        ArrayText(Slot.Bound<V> slot, int elements, PayloadForm form) {
            this.slot = slot;
            this.form = form;
            this.text = new StringBuilder(elements * 16).append('{');
        }

        /** Adds the element of an argument; returns the length so far. */
        @SuppressWarnings("ReferenceEquality") // an equal one would have to be compared
        int add(Object argument) {
            V value = slot.value(argument);
            int end = text.length();
            if (end > 1) {
                text.append(',');
            }
            int at = text.length();
            if (value == null) {
                text.append("NULL");
            } else if (value == last) { // most columns have the same object for many rows
                text.append(text, lastAt, end);
            } else {
                slot.append(text, value, form);
            }
            last = value;
            lastAt = at;
            return text.length();
        }

        String text() {
            return text.append('}').toString();
        }
    }
}
