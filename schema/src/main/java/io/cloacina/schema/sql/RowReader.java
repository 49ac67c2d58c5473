package io.cloacina.schema.sql;

/** Makes a result of a row. See {@link Row} for what it may do. */
@FunctionalInterface
public interface RowReader<R> {
    /** Reads the current row. */
    R read(Row row);
}
