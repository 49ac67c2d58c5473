package io.cloacina.schema.type;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one backend writes, binds and reads a type. Resolved once, when a statement is composed. Thread safe; statements
 * and rows given to it are not.
 */
public interface Codec<T> {
    /** The type as the DDL spells it, such as {@code BLOB}, {@code uuid} or {@code text COLLATE "C"}. */
    String declaration();

    /**
     * The CHECK condition that replaces a native type which this backend lacks, such as {@code length(id) = 16}.
     *
     * @param column the column's name as SQL spells it
     */
    Optional<String> typeCheck(String column);

    /**
     * Binds a value to a parameter.
     *
     * @param index from 1
     * @throws InvalidValueException for a value that the type refuses
     */
    void bind(PreparedStatement statement, int index, T value) throws SQLException;

    /**
     * Binds SQL NULL to a parameter.
     *
     * @param index from 1
     */
    void bindNull(PreparedStatement statement, int index) throws SQLException;

    /**
     * Reads a column of the current row, {@code null} for SQL NULL.
     *
     * @param index from 1
     * @throws InvalidValueException for a stored value that is not of the type
     */
    @Nullable
    T read(ResultSet row, int index) throws SQLException;

    /**
     * The value as an SQL literal of this backend.
     *
     * @throws InvalidValueException for a value that the type refuses
     */
    String literal(T value);

    /**
     * How values stand in an array; only asked for on a backend that has arrays, and empty for what is known on others
     * only.
     */
    Optional<ElementForm<T>> elementForm();
}
