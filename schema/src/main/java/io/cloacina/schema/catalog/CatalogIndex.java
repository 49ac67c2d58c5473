package io.cloacina.schema.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * One index of a database.
 *
 * @param columns columns or expressions, each with what is unusual about it, such as {@code priority DESC}
 * @param predicate the normal form of the condition of a partial index
 * @param options what is unusual about it, such as {@code INVALID}; empty or beginning with a blank
 */
record CatalogIndex(boolean unique, List<String> columns, Optional<String> predicate, String options) {
    @Override
    public String toString() {
        return (unique ? "UNIQUE " : "")
                + list(columns)
                + predicate.map(condition -> " WHERE " + condition).orElse("")
                + options;
    }

    /** A list of columns as indexes, keys and references contain it. */
    static String list(Collection<String> columns) {
        return "(" + String.join(", ", columns) + ")";
    }
}
