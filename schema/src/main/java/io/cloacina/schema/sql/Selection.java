package io.cloacina.schema.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The columns that a reader reads from a row, found by running it once on a sample row.
 *
 * @param columns in the order of the result
 */
record Selection<R>(List<Selectable<?>> columns, RowReader<R> reader) {

    /** Selects the columns that the reader reads; {@code requireInScope} refuses those of other statements. */
    static <R> Selection<R> of(RowReader<R> reader, Consumer<Selectable<?>> requireInScope) {
        List<Selectable<?>> taken = new ArrayList<>();
        sample(reader, column -> {
            requireInScope.accept(column);
            if (!taken.contains(column)) {
                column.slot(taken.size());
                taken.add(column);
            }
        });
        return new Selection<>(List.copyOf(taken), reader);
    }

    /** The selection of a statement whose text determines the columns: the reader may read only those. */
    static <R> Selection<R> given(List<Selectable<?>> columns, RowReader<R> reader) {
        sample(reader, column -> {
            if (!columns.contains(column)) {
                throw new StatementException(column + " is not a column of this statement");
            }
        });
        return new Selection<>(List.copyOf(columns), reader);
    }

    void write(SqlWriter sql) {
        if (columns.isEmpty()) {
            sql.text("1");
        }
        sql.separated(columns, column -> column.writeSelected(sql));
    }

    private static void sample(RowReader<?> reader, Consumer<Selectable<?>> taken) {
        try {
            reader.read(Row.sample(taken));
        } catch (StatementException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new StatementException("its reader failed on a sample row; a reader only builds its result: " + e, e);
        }
    }
}
