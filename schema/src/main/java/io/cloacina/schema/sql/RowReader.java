package io.cloacina.schema.sql;

/** Builds a result from a row. See {@link Row} for its restrictions. */
@FunctionalInterface
public interface RowReader<R> {
    /** Reads the current row. */
    R read(Row row);
}
