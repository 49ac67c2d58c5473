package io.cloacina.schema.copy;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of any table.
 *
 * @param key its primary key
 * @param values a value for each column, in the order of the table's columns
 */
record StoredRow(Object key, List<@Nullable Object> values) {
    @Nullable
    Object value(int column) {
        return values.get(column);
    }

    /** The first column in which the two differ, or -1. */
    int firstDifference(StoredRow other) {
        for (int column = 0; column < values.size(); column++) {
            if (!Objects.equals(value(column), other.value(column))) {
                return column;
            }
        }
        return -1;
    }
}
